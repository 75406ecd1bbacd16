/// Finds samples that suffer from one kind of problem.
///
/// A finding's score runs from 0 (severe) to 1 (fine). Only flagged samples get a finding, in order of id. A check never
/// changes the dataset; what follows from findings is for `CurationRule` and for people.
/// To add one: a file in `Checks/`, a line in `Checks.all`, a test. A new check stays out of the default set
/// (`isStandard`) until it has shown its worth on labelled data.
public protocol Check: Sendable {
  /// The name used in recipes, reports and `fercure check --only`.
  static var name: String { get }

  /// What it finds, in a few words for lists and reports.
  static var summary: String { get }

  /// Whether it runs when no check is named.
  static var isStandard: Bool { get }

  /// Creates the check with its default settings.
  init()

  /// Looks at all samples of a source.
  ///
  /// - Throws: whatever the source or `progress` throws.
  func findings(in source: some SampleSource, progress: Progress) throws -> [Finding]
}

extension Check {
  /// Checks run by default unless they say otherwise.
  public static var isStandard: Bool { true }
}

/// A check that judges every picture by itself.
///
/// All checks of this kind share one pass over the pictures when they run together.
public protocol PictureCheck: Check {
  /// Pictures that score below are flagged.
  var threshold: Double { get }

  /// Judges one picture: 0 (severe) to 1 (fine).
  func score(of picture: PictureStatistics) -> Double

  /// What to say about a flagged picture.
  func detail(of picture: PictureStatistics) -> String
}

extension PictureCheck {
  /// Decodes all pictures and judges each.
  public func findings(in source: some SampleSource, progress: Progress) throws -> [Finding] {
    let pass = try PicturePass(of: source, wants: [.statistics], progress: progress)
    return pass.findings(of: self, pass.statistics.map { score(of: $0) })
  }
}
