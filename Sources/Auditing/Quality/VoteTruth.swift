public import Curation

/// What the votes of several people say about a sample.
public enum VoteTruth {
  /// The class with more than half of all votes, those for `contempt`, `unknown` and `NF` counted in; nil without one.
  public static func majority(_ votes: Votes, classes: [String]) -> Int? {
    let total = votes.values.reduce(0, +)
    return classes.firstIndex { 2 * (votes[$0] ?? 0) > total }
  }

  /// True when more than half say that there is no face.
  public static func isNotAFace(_ votes: Votes) -> Bool {
    2 * (votes["NF"] ?? 0) > votes.values.reduce(0, +)
  }

  /// The share of each class among the votes for classes of the dataset; nil when fewer than half are for one.
  public static func distribution(_ votes: Votes, classes: [String]) -> [Float]? {
    let total = votes.values.reduce(0, +)
    let counts = classes.map { votes[$0] ?? 0 }
    let known = counts.reduce(0, +)
    guard known > 0, 2 * known >= total else { return nil }
    return counts.map { Float($0) / Float(known) }
  }
}
