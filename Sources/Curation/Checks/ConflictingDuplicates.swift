/// Finds equal pictures that carry different labels: at least one of the labels is wrong.
///
/// The score of a sample is the share of the other members that carry its label. Samples without a label take no part.
public struct ConflictingDuplicates: Check {
  /// The name used in recipes and reports.
  public static let name = "conflicting-duplicates"
  /// What it finds.
  public static let summary = "equal pictures with different labels"

  /// Creates the check.
  public init() {}

  /// Compares hashes and labels: no picture is decoded.
  public func findings(in source: some SampleSource, progress: Progress) throws -> [Finding] {
    let labelled = try source.samples().filter { $0.label != nil }
    return CopyGroups(of: labelled).groups.flatMap { group -> [Finding] in
      let counts = Dictionary(grouping: group.compactMap(\.label)) { $0 }.mapValues(\.count)
      guard counts.count > 1 else { return [] }
      return group.map { sample in
        let label = sample.label ?? ""
        let agreeing = counts[label, default: 1] - 1
        let others = counts.filter { $0.key != label }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let list = others.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        return Finding(
          check: Self.name, sample: sample.id, score: Double(agreeing) / Double(group.count - 1),
          group: CopyGroups.name(of: sample), detail: "labelled \(label), but its copies say \(list)")
      }
    }
    .sorted { $0.sample < $1.sample }
  }
}
