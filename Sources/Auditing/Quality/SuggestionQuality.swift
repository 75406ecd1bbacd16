public import Curation

/// How many suggestions of at least some confidence are right, where the truth is known.
public struct SuggestionQuality: Codable, Sendable, Equatable {
  /// The lowest confidence counted.
  public var minimumConfidence: Double
  /// Suggestions whose truth is known.
  public var suggested: Int
  /// Of these, those whose suggested label is the true one.
  public var right: Int
  /// Of these, those whose given label was the true one: accepting them does harm.
  public var harmful: Int
  /// Samples whose given label is wrong, suggested or not.
  public var wrong: Int
  /// Of the wrong ones, those that were suggested for a change, to whatever label.
  public var found: Int

  /// Share of suggestions that are right.
  public var precision: Double { suggested == 0 ? 0 : Double(right) / Double(suggested) }
  /// Share of suggestions whose given label is wrong, whatever was suggested.
  public var detectionPrecision: Double { suggested == 0 ? 0 : Double(found) / Double(suggested) }
  /// Share of wrong labels that were suggested for a change.
  public var recall: Double { wrong == 0 ? 0 : Double(found) / Double(wrong) }

  /// Compares suggestions with a truth by sample; samples without a known truth do not count.
  public init(
    _ suggestions: [Suggestion], truth: [Int64: String], labels: [Int64: String], minimumConfidence: Double = 0
  ) {
    let counted = suggestions.filter { $0.confidence >= minimumConfidence && truth[$0.sample] != nil }
    self.minimumConfidence = minimumConfidence
    suggested = counted.count
    right = counted.count { $0.to == truth[$0.sample] }
    harmful = counted.count { $0.from == truth[$0.sample] }
    wrong = truth.count { labels[$0.key] != nil && labels[$0.key] != $0.value }
    found = counted.count { $0.from != truth[$0.sample] }
  }
}
