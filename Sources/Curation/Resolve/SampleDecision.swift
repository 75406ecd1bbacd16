/// What a person decided about one sample, as a line of a decisions csv says it.
public struct SampleDecision: Sendable, Codable, Hashable {
  /// The key of the sample.
  public var key: String
  /// The decision.
  public var action: Action
  /// The label to give, with `relabel`; one that the face could have, with `ambiguous`; what is suggested, with `accept`.
  public var label: String?
  /// The other label that the face could have; only with `ambiguous`.
  public var second: String?
  /// The given label that was decided about; nil where the file does not say.
  public var from: String?
  /// The label that was suggested, `Review.notAFace` for none; nil where the file does not say.
  public var to: String?

  /// What can be decided.
  public enum Action: String, Sendable, Codable, CaseIterable {
    /// Takes what the open suggestion proposes: its label, or exclusion when it is not a face.
    case accept
    /// Keeps the label and closes the suggestion.
    case reject
    /// Gives another label; closes the suggestion if there is one.
    case relabel
    /// Keeps the label, closes the suggestion, and notes that two labels share the face.
    case ambiguous
    /// Takes the sample out; closes the suggestion if there is one.
    case exclude
    /// Leaves everything as it is, and notes that somebody looked.
    case skip
  }

  /// Creates a decision.
  public init(
    key: String, action: Action, label: String? = nil, second: String? = nil, from: String? = nil, to: String? = nil
  ) {
    self.key = key
    self.action = action
    self.label = label
    self.second = second
    self.from = from
    self.to = to
  }
}
