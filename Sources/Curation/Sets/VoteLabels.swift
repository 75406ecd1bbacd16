/// What several people said, turned into one label.
public enum VoteRule: String, Sendable, Codable, CaseIterable {
  /// The class with more than half of all votes.
  case majority
  /// The class with the most votes, unless another has as many.
  case plurality
  /// FER+'s own rule: single votes are passed over as slips, and the class with more than half of the rest counts.
  ///
  /// Source: Barsoum et al. (2016) and its published code, mode `majority`.
  case ferPlus = "ferplus"

  /// What the rule does, in a few words for lists.
  public var summary: String {
    switch self {
    case .majority: "the class with more than half of the votes"
    case .plurality: "the class with the most votes, unless another has as many"
    case .ferPlus: "FER+'s rule: single votes are passed over, then more than half of the rest"
    }
  }

  /// The name that wins the votes, a class or one of `contempt`, `unknown` and `NF`; nil when none does.
  public func winner(of votes: Votes) -> String? {
    var votes = votes.filter { $0.value > 0 }
    if self == .ferPlus { votes = votes.filter { $0.value > 1 } }
    let total = votes.values.reduce(0, +)
    guard let most = votes.values.max() else { return nil }
    let winners = votes.filter { $0.value == most }.map(\.key)
    guard winners.count == 1 else { return nil }
    return self == .plurality || 2 * most > total ? winners[0] : nil
  }

  /// What the rule changes about samples whose votes are known.
  ///
  /// A winner that is a class becomes the label. Where no name wins, or one that is no class, the sample is left as it is,
  /// or excluded if asked for.
  /// - Parameters:
  ///   - samples: The samples of the dataset, excluded ones left out.
  ///   - votes: The votes by id.
  ///   - classes: The classes of the dataset.
  ///   - excludesUndecided: Whether samples without a winning class are taken out.
  public func changes(
    of samples: [Sample], votes: [Int64: Votes], classes: [String], excludesUndecided: Bool
  ) -> [LabelChange] {
    samples.compactMap { sample in
      // Copies follow their parents.
      guard sample.encoding != .derived, let cast = votes[sample.id] else { return nil }
      let said = cast.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      let winner = winner(of: cast)
      if let winner, classes.contains(winner) {
        guard winner != sample.label else { return nil }
        return LabelChange(sample: sample.id, field: .label, to: winner, reason: "\(rawValue) of the votes: \(said)")
      }
      guard excludesUndecided else { return nil }
      return LabelChange(
        sample: sample.id, field: .excluded, to: "true",
        reason: "\(rawValue) of the votes: \(winner.map { "\($0) is no class" } ?? "nothing wins") (\(said))")
    }
  }
}
