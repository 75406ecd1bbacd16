/// Finds pictures that occur more than once, pixel by pixel.
///
/// Every member of a group is a finding of score 0; `Finding.group` is `pixels:` and the first 16 digits of the
/// picture's hash.
public struct ExactDuplicates: Check {
  /// The name used in recipes and reports.
  public static let name = "exact-duplicates"
  /// What it finds.
  public static let summary = "pictures that occur more than once, pixel by pixel"

  /// Creates the check.
  public init() {}

  /// Compares the hashes of the pictures: no picture is decoded.
  public func findings(in source: some SampleSource, progress: Progress) throws -> [Finding] {
    CopyGroups(of: try source.samples()).groups.flatMap { group in
      group.map { sample in
        Finding(
          check: Self.name, sample: sample.id, score: 0, group: CopyGroups.name(of: sample),
          detail: "the same picture as \(CopyGroups.others(than: sample, in: group))")
      }
    }
    .sorted { $0.sample < $1.sample }
  }
}
