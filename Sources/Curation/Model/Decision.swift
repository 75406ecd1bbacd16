/// What a reviewer or a rule decided about one suggestion.
public struct Decision: Sendable, Codable, Hashable {
  /// The suggestion.
  public var suggestion: Int64
  /// The decision: accepting takes the suggested label (or excludes what is not a face), relabelling takes `label`.
  public var state: Suggestion.State
  /// The label that the reviewer gave; only with the state `relabelled`.
  public var label: String?
  /// Why, for a person; nil uses the suggestion's own evidence.
  public var reason: String?

  /// Creates a decision.
  public init(suggestion: Int64, state: Suggestion.State, label: String? = nil, reason: String? = nil) {
    self.suggestion = suggestion
    self.state = state
    self.label = label
    self.reason = reason
  }
}
