/// Finds pictures that are almost equal: retouched, recompressed, lit otherwise, mirrored or moved by a few pixels.
///
/// Pairs correlate by at least 0.97 where they lie on each other. Exact copies are compared once and left to
/// `ExactDuplicates`; blank pictures are left to `Blank`. The members of a group are almost equal to one picture of it, so
/// that chains of small changes do not end in one group. A finding's score runs from 0 (correlation 1) to 0.5 (0.97).
public struct NearDuplicates: NearCheck {
  /// The name used in recipes and reports.
  public static let name = "near-duplicates"
  /// What it finds.
  public static let summary = "pictures that are almost equal, also mirrored, moved or lit otherwise"

  /// Creates the check.
  public init() {}

  /// Words a finding for every picture of a pair, in order of id.
  public func findings(about near: NearDuplicateSet) -> [Finding] {
    var groups: [Int64: String] = [:]
    for group in NearGroups(of: near.pairs).groups {
      guard let centre = near.sample(group.centre) else { continue }
      for member in group.members { groups[member] = "near:" + centre.pixelHash.prefix(16) }
    }
    return near.closest.sorted { $0.key < $1.key }.map { id, pair in
      Finding(
        check: Self.name, sample: id, score: Self.score(of: pair), group: groups[id],
        detail: "almost the same picture as \(near.words(for: pair, seenFrom: id))")
    }
  }

  /// 0 for a correlation of 1, 0.5 for one at the threshold.
  static func score(of pair: NearPair) -> Double {
    min(1, max(0, (1 - pair.correlation) / (1 - NearSearch().smallestCorrelation))) * 0.5
  }
}
