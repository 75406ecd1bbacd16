/// Finds almost equal pictures that carry different labels: most likely one of the labels is wrong.
///
/// The score is that of the pair, 0 (correlation 1) to 0.5. Pairs of pictures one of which has no label take no part.
public struct NearConflicts: NearCheck {
  /// The name used in recipes and reports.
  public static let name = "near-conflicts"
  /// What it finds.
  public static let summary = "almost equal pictures with different labels"

  /// Creates the check.
  public init() {}

  /// Words a finding for both pictures of every pair whose labels differ, in order of id.
  public func findings(about near: NearDuplicateSet) -> [Finding] {
    var worst: [Int64: NearPair] = [:]
    for pair in near.pairs {
      guard let first = near.sample(pair.first)?.label, let second = near.sample(pair.second)?.label, first != second
      else { continue }
      for id in [pair.first, pair.second] where pair.correlation > worst[id]?.correlation ?? -1 { worst[id] = pair }
    }
    return worst.sorted { $0.key < $1.key }.map { id, pair in
      let other = near.sample(pair.first == id ? pair.second : pair.first)
      return Finding(
        check: Self.name, sample: id, score: NearDuplicates.score(of: pair),
        group: "near-pair:\(near.sample(pair.first)?.key ?? "") \(near.sample(pair.second)?.key ?? "")",
        detail: "labelled \(near.sample(id)?.label ?? ""), but \(other?.label ?? "") is the label of "
          + near.words(for: pair, seenFrom: id))
    }
  }
}
