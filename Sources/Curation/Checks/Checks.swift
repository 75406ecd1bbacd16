import Imaging

/// The checks that a dataset can be put through.
public enum Checks {
  /// Every check, in the order of reports.
  public static let all: [any Check.Type] = [
    ExactDuplicates.self, ConflictingDuplicates.self, LeaksAcrossSplits.self, NearDuplicates.self, Blank.self,
    Dark.self, Bright.self, LowContrast.self, Blurry.self, LowInformation.self, OddSize.self,
  ]

  /// The names of the checks that run when none is named.
  public static var standardNames: [String] { all.filter { $0.isStandard }.map { $0.name } }

  /// Runs the named checks, or the standard ones if `names` is empty, and decodes every picture at most once for all
  /// checks that judge pictures one by one.
  ///
  /// - Returns: the findings, check after check in the order of `all`, each in order of id.
  /// - Throws: `ChecksError.unknownCheck`; whatever the source or `progress` throws.
  public static func run(
    _ names: [String] = [], on source: some SampleSource, progress: Progress = { _, _ in }
  ) throws -> [Finding] {
    let known = all.map { $0.name }
    for name in names where !known.contains(name) { throw ChecksError.unknownCheck(name, known: known) }
    let wanted = names.isEmpty ? standardNames : names
    let checks = all.filter { wanted.contains($0.name) }.map { $0.init() }
    let shared = try SharedSamples(source)

    let pictureChecks = checks.compactMap { $0 as? any PictureCheck }
    var byCheck = Dictionary(
      grouping: try PicturePass.findings(of: pictureChecks, in: shared, progress: progress)
    ) { $0.check }
    for check in checks where !(check is any PictureCheck) {
      byCheck[type(of: check).name] = try check.findings(in: shared, progress: progress)
    }
    return checks.flatMap { byCheck[type(of: $0).name] ?? [] }
  }

  /// Counts findings check by check, in the order of `all`.
  ///
  /// Checks among `names` that found nothing are listed with zeros; those neither named nor in `findings` are left out.
  public static func summaries(of findings: [Finding], names: [String] = []) -> [CheckSummary] {
    let found = Dictionary(grouping: findings) { $0.check }
    return all.map { $0.name }.filter { names.contains($0) || found[$0] != nil }
      .map { CheckSummary(check: $0, findings: found[$0] ?? []) }
  }
}

/// A source that reads its list of samples once, for several checks.
private struct SharedSamples<Base: SampleSource>: SampleSource {
  let base: Base
  let all: [Sample]

  init(_ base: Base) throws {
    self.base = base
    all = try base.samples()
  }

  func classes() throws -> [String] { try base.classes() }
  func samples() throws -> [Sample] { all }
  func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws {
    try base.forEachImage(of: samples, body)
  }
}
