/// How well the labels of training samples are supported by more than themselves.
///
/// A sample's support is the share of its votes that say its label; where there are none, an audit's probability that the
/// label is right. Among training samples of equal pictures with different labels it is also multiplied by the share of
/// them that agree. Copies are drawn in proportion to it, so that oversampling does not multiply wrong labels.
public struct LabelSupport: Sendable {
  /// The support of each sample of which something is known, 0 to 1.
  public private(set) var values: [Int64: Double]
  /// Samples that are supported by votes.
  public let fromVotes: Int
  /// Samples that an audit has judged, votes apart.
  public let fromAudit: Int

  /// A label counts as supported from here on.
  public static let enough = 0.5

  /// Adds up what is known about samples.
  ///
  /// - Parameters:
  ///   - samples: the samples of the dataset, excluded ones left out.
  ///   - votes: the votes of each sample whose votes are known.
  ///   - scores: the last audit's scores; those of a label that has changed since say nothing.
  public init(samples: [Sample], votes: [Int64: Votes] = [:], scores: [Score] = []) {
    var values: [Int64: Double] = [:]
    let qualities = Dictionary(scores.map { ($0.sample, $0) }, uniquingKeysWith: { $1 })
    var (fromVotes, fromAudit) = (0, 0)
    let training = samples.filter { $0.split == .train && $0.label != nil && !$0.excluded }
    for sample in training {
      if let cast = votes[sample.id], let label = sample.label {
        let total = cast.values.reduce(0, +)
        if total > 0 {
          values[sample.id] = Double(cast[label] ?? 0) / Double(total)
          fromVotes += 1
          continue
        }
      }
      if let score = qualities[sample.id], score.label == sample.label {
        values[sample.id] = score.quality
        fromAudit += 1
      }
    }
    for group in CopyGroups(of: training).groups {
      let counts = Dictionary(grouping: group) { $0.label }.mapValues(\.count)
      guard counts.count > 1 else { continue }
      for sample in group {
        let agreement = Double(counts[sample.label] ?? 0) / Double(group.count)
        values[sample.id] = agreement * (values[sample.id] ?? 1)
      }
    }
    self.values = values
    self.fromVotes = fromVotes
    self.fromAudit = fromAudit
  }

  /// Reads votes and the last audit of a dataset.
  public init(of store: DatasetStore) throws {
    self.init(samples: try store.samples(), votes: try store.votes(), scores: try store.scores())
  }

  /// The same without what is known of `samples`, which then count alike.
  public func forgetting(_ samples: [Sample]) -> LabelSupport {
    var result = self
    for sample in samples { result.values[sample.id] = nil }
    return result
  }

  /// The weights of the samples of one class: their support; where nothing is known, the mean of those of which something
  /// is; 1 where nothing is known of any.
  func weights(of members: [Sample]) -> [Double] {
    let known = members.compactMap { values[$0.id] }
    let mean = known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)
    return members.map { values[$0.id] ?? mean }
  }
}

/// Deals a number of copies out to parents in proportion to their weights.
enum CopyQuota {
  /// How many copies each parent gets.
  ///
  /// Shares are rounded so that they add up, remainders going to the largest, then to those in front. A parent of weight 0
  /// gets none, and none gets more than `cap`; what a full one cannot take goes to the others. Fewer than `copies` are
  /// dealt only when all are full.
  static func shares(of copies: Int, weights: [Double], cap: Int?) -> [Int] {
    var shares = [Int](repeating: 0, count: weights.count)
    let cap = cap ?? copies
    var rest = copies
    var open = weights.indices.filter { weights[$0] > 0 && cap > 0 }
    while rest > 0, !open.isEmpty {
      let sum = open.reduce(0) { $0 + weights[$1] }
      let exact = open.map { Double(rest) * weights[$0] / sum }
      var given = zip(open, exact).map { min(cap - shares[$0], Int($1)) }
      // Remainders, one each, as long as there are copies and room.
      var left = rest - given.reduce(0, +)
      for place in open.indices.sorted(by: {
        (exact[$1] - exact[$1].rounded(.down), $0) < (exact[$0] - exact[$0].rounded(.down), $1)
      }) where left > 0 && shares[open[place]] + given[place] < cap {
        given[place] += 1
        left -= 1
      }
      for (place, parent) in open.enumerated() { shares[parent] += given[place] }
      let dealt = given.reduce(0, +)
      guard dealt > 0 else { break }
      rest -= dealt
      open.removeAll { shares[$0] >= cap }
    }
    return shares
  }
}
