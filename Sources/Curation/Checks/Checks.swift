import Imaging

/// The checks that a dataset can be put through.
public enum Checks {
  /// Every check, in the order of reports.
  public static let all: [any Check.Type] = [
    ExactDuplicates.self, ConflictingDuplicates.self, LeaksAcrossSplits.self, NearDuplicates.self,
    NearConflicts.self, NearLeaks.self, Blank.self, Dark.self, Bright.self, LowContrast.self, Blurry.self,
    LowInformation.self, Graphic.self, Border.self, OddSize.self, ExtremePose.self, Outliers.self,
  ]

  /// The names of the checks that run when none is named.
  public static var standardNames: [String] { all.filter { $0.isStandard }.map { $0.name } }

  /// Runs the named checks, or the standard ones if `names` is empty, and decodes every picture at most once for all
  /// checks that look at pictures; read again are pictures that are almost equal to others, and those that poses are learnt from.
  ///
  /// - Returns: the findings, check after check in the order of `all`, each in order of id.
  /// - Throws: `ChecksError.unknownCheck`; whatever the source or `progress` throws.
  public static func run(
    _ names: [String] = [], on source: some SampleSource, progress: Progress = { _, _ in }
  ) throws -> [Finding] {
    try examine(names, on: source, progress: progress).findings
  }

  /// Runs checks as `run` does, and keeps what they measured beside what they flagged.
  public static func examine(
    _ names: [String] = [], on source: some SampleSource, progress: Progress = { _, _ in }
  ) throws -> CheckOutcome {
    let known = all.map { $0.name }
    for name in names where !known.contains(name) { throw ChecksError.unknownCheck(name, known: known) }
    let wanted = names.isEmpty ? standardNames : names
    let checks = all.filter { wanted.contains($0.name) }.map { $0.init() }
    let shared = try SharedSamples(source)

    let pictureChecks = checks.compactMap { $0 as? any PictureCheck }
    let nearChecks = checks.compactMap { $0 as? any NearCheck }
    let faceChecks = checks.compactMap { $0 as? any FaceCheck }
    var wants: Set<PicturePass.Want> = []
    if !pictureChecks.isEmpty { wants.insert(.statistics) }
    if !nearChecks.isEmpty { wants.insert(.signatures) }
    for check in faceChecks { wants.formUnion(type(of: check).wants) }
    let pass = try PicturePass(of: shared, wants: wants, progress: progress)

    var outcome = CheckOutcome()
    var byCheck: [String: [Finding]] = [:]
    for check in pictureChecks {
      let scores = pass.statistics.map { Optional(check.score(of: $0)) }
      byCheck[type(of: check).name] = pass.findings(of: check, scores)
      outcome.add(scores, of: type(of: check).name, pass)
    }
    if !nearChecks.isEmpty {
      let near = try NearDuplicateSet(pass, in: shared)
      outcome.pairs = near.pairs
      for check in nearChecks { byCheck[type(of: check).name] = check.findings(about: near) }
    }
    if !faceChecks.isEmpty {
      let faces = FaceSet(pass.faces, isBlank: pass.isBlank, poses: pass.poses)
      for check in faceChecks {
        guard let judgement = check.judge(faces) else { continue }
        byCheck[type(of: check).name] = pass.findings(of: check, judgement)
        outcome.add(judgement.scores, of: type(of: check).name, pass)
      }
    }
    for check in checks {
      let name = type(of: check).name
      let isDone = check is any PictureCheck || check is any NearCheck || check is any FaceCheck
      outcome.findings += isDone ? byCheck[name] ?? [] : try check.findings(in: shared, progress: progress)
    }
    return outcome
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
