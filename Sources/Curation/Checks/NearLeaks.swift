/// Finds almost equal pictures that are in different splits.
///
/// What `LeaksAcrossSplits` says of equal pixels holds for a mirrored or retouched copy too: a network is tested on its
/// memory. The score is that of the pair, 0 (correlation 1) to 0.5.
public struct NearLeaks: NearCheck {
  /// The name used in recipes and reports.
  public static let name = "near-leaks"
  /// What it finds.
  public static let summary = "almost equal pictures in more than one split"

  /// Creates the check.
  public init() {}

  /// Words a finding for every sample that has an almost equal picture in another split, in order of id.
  public func findings(about near: NearDuplicateSet) -> [Finding] {
    var findings: [Int64: Finding] = [:]
    for pair in near.pairs.sorted(by: { $0.correlation > $1.correlation }) {
      guard let firsts = near.samples[pair.first], let seconds = near.samples[pair.second] else { continue }
      for (own, others, id) in [(firsts, seconds, pair.first), (seconds, firsts, pair.second)] {
        for sample in own where findings[sample.id] == nil {
          guard let other = others.first(where: { $0.split != sample.split }) else { continue }
          findings[sample.id] = Finding(
            check: Self.name, sample: sample.id, score: NearDuplicates.score(of: pair),
            group: "near-pair:\(firsts[0].key) \(seconds[0].key)",
            detail: "in \(sample.split.rawValue), and \(other.split.rawValue) has almost the same picture: "
              + near.words(for: pair, seenFrom: id))
        }
      }
    }
    return findings.sorted { $0.key < $1.key }.map(\.value)
  }
}
