/// Finds pictures that are in more than one split, pixel by pixel.
///
/// A network that has seen a test picture in training is tested on its memory. Every member of such a group is a finding
/// of score 0.
public struct LeaksAcrossSplits: Check {
  /// The name used in recipes and reports.
  public static let name = "leaks"
  /// What it finds.
  public static let summary = "pictures that are in more than one split"

  /// Creates the check.
  public init() {}

  /// Compares hashes and splits: no picture is decoded.
  public func findings(in source: some SampleSource, progress: Progress) throws -> [Finding] {
    CopyGroups(of: try source.samples()).groups.flatMap { group -> [Finding] in
      guard group.contains(where: { $0.split != group[0].split }) else { return [] }
      return group.map { sample in
        let elsewhere = group.filter { $0.split != sample.split }
        let splits = Split.allCases.filter { split in elsewhere.contains { $0.split == split } }
        let list = splits.map { split in
          "\(split.rawValue) (\(elsewhere.filter { $0.split == split }.map(\.key).prefix(3).joined(separator: ", ")))"
        }
        return Finding(
          check: Self.name, sample: sample.id, score: 0, group: CopyGroups.name(of: sample),
          detail: "in \(sample.split.rawValue), and also in \(list.joined(separator: " and "))")
      }
    }
    .sorted { $0.sample < $1.sample }
  }
}
