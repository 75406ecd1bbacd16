/// What a reviewer says about one suggestion.
public struct Opinion: Sendable, Codable, Hashable {
  /// The suggestion.
  public var suggestion: Int64
  /// What the reviewer says.
  public var action: Action
  /// The label to give with `relabel`, the first of the two with `ambiguous`.
  public var label: String?
  /// The other label that the face could have; only with `ambiguous`.
  public var second: String?
  /// How the face came before the reviewer.
  public var origin: Origin
  /// How long the reviewer looked, in seconds.
  public var seconds: Double?

  /// What can be said about a suggestion.
  public enum Action: String, Sendable, Codable, CaseIterable {
    /// The suggestion is right: its label is taken, or the sample excluded when it shows no face.
    case accept
    /// The given label is right.
    case reject
    /// Another label is right.
    case relabel
    /// Two labels share the face: the given one stays, and both are written down.
    case ambiguous
    /// There is no face, or none that could be labelled: the sample is excluded.
    case exclude
    /// Cannot be told: nothing changes.
    case skip
  }

  /// How a face came before a reviewer: only what was drawn by chance says without bias how good the others are.
  public enum Origin: String, Sendable, Codable, CaseIterable {
    /// In the order of a queue.
    case queue
    /// Drawn by chance among the open suggestions.
    case random
    /// Again, for a second reviewer who does not see what the first one said.
    case secondPass = "second-pass"
    /// Because reviewers differ: this opinion decides.
    case conflict
    /// In a grid of faces, decided together.
    case grid
    /// In a file that was filled in elsewhere.
    case file
  }

  /// Creates an opinion.
  public init(
    suggestion: Int64, action: Action, label: String? = nil, second: String? = nil, origin: Origin = .queue,
    seconds: Double? = nil
  ) {
    self.suggestion = suggestion
    self.action = action
    self.label = label
    self.second = second
    self.origin = origin
    self.seconds = seconds
  }

  /// Whether two opinions about one suggestion say the same, however the face came before the reviewer.
  ///
  /// What settles a conflict is more than a second opinion of the same words.
  func saysTheSame(as other: Opinion) -> Bool {
    suggestion == other.suggestion && action == other.action && label == other.label && second == other.second
      && (origin == .conflict) == (other.origin == .conflict)
  }

  /// The same opinion in its simplest form: to relabel to the suggested label is to accept, to the given one to reject.
  func simplified(for suggestion: Suggestion) -> Opinion {
    var simple = self
    if action != .ambiguous { simple.second = nil }
    switch action {
    case .relabel where label == suggestion.to: simple.action = .accept
    case .relabel where label == suggestion.from: simple.action = .reject
    case .exclude where suggestion.to == nil: simple.action = .accept
    default: break
    }
    if simple.action != .relabel && simple.action != .ambiguous { simple.label = nil }
    return simple
  }
}

extension SampleDecision {
  /// The decision as an opinion about a suggestion for its sample.
  func opinion(about suggestion: Suggestion) -> Opinion {
    let action: Opinion.Action =
      switch self.action {
      case .accept: .accept
      case .reject: .reject
      case .relabel: .relabel
      case .ambiguous: .ambiguous
      case .exclude: .exclude
      case .skip: .skip
      }
    let isAmbiguous = action == .ambiguous
    return Opinion(
      suggestion: suggestion.id, action: action,
      label: action == .accept ? nil : label ?? (isAmbiguous ? suggestion.from : nil),
      second: second ?? (isAmbiguous ? suggestion.to : nil), origin: .file)
  }
}
