/// What resolving would do to a dataset, before it is done: `Resolver.apply` does it.
public struct ResolvePlan: Sendable, Hashable {
  /// Who decides: `rule NAME` or `reviewer NAME`.
  public var actor: String
  /// Decisions about suggestions.
  public var decisions: [Decision]
  /// What a reviewer said about suggestions: the decisions once more as they are kept, and second opinions.
  public var opinions: [Opinion] = []
  /// Changes beyond what the decisions bring about.
  public var changes: [LabelChange]
  /// What cannot be applied, and why.
  public var rejections: [Rejection]
  /// Suggestions that would be accepted but for the class they would change to, by that class.
  public var heldBack: [String: Int] = [:]
  /// The same in numbers.
  public var summary: Summary

  /// A plan in numbers, as `fercure resolve` prints it.
  public struct Summary: Sendable, Codable, Hashable {
    /// Decisions by the state that they give a suggestion.
    public var decisions: [String: Int] = [:]
    /// Samples that get another label.
    public var relabelled = 0
    /// Samples that are taken out.
    public var excluded = 0
    /// Samples that move to another split.
    public var moved = 0
    /// The changes of labels, the most frequent first.
    public var transitions: [Transition] = []
  }

  /// A change of label and how often it happens.
  public struct Transition: Sendable, Codable, Hashable {
    /// The label before; nil when there was none.
    public var from: String?
    /// The label after; nil when it is taken away.
    public var to: String?
    /// Samples.
    public var count: Int

    /// Creates a transition.
    public init(from: String?, to: String?, count: Int) {
      self.from = from
      self.to = to
      self.count = count
    }
  }

  /// True when applying it would change nothing at all.
  public var isEmpty: Bool { decisions.isEmpty && changes.isEmpty && opinions.isEmpty }
}

extension ResolvePlan {
  /// Creates a plan and counts what it does to `samples`.
  init(
    actor: String, decisions: [Decision], suggestions: [Int64: Suggestion], changes: [LabelChange],
    samples: [Int64: Sample], rejections: [Rejection] = []
  ) {
    self.actor = actor
    self.decisions = decisions
    self.changes = changes
    self.rejections = rejections
    summary = Summary()
    var counter = Counter(samples: samples)
    for decision in decisions {
      summary.decisions[decision.state.rawValue, default: 0] += 1
      guard let suggestion = suggestions[decision.suggestion] else { continue }
      switch decision.state {
      case .accepted where suggestion.to == nil: counter.note(suggestion.sample, .excluded, "true")
      case .accepted: counter.note(suggestion.sample, .label, suggestion.to)
      case .relabelled: counter.note(suggestion.sample, .label, decision.label)
      case .open, .rejected, .skipped: break
      }
    }
    for change in changes { counter.note(change.sample, change.field, change.to) }
    summary.relabelled = counter.transitions.values.reduce(0, +)
    summary.excluded = counter.excluded.count
    summary.moved = counter.moved.count
    summary.transitions = counter.transitions.map { Transition(from: $0.from, to: $0.to, count: $1) }.sorted {
      ($1.count, $0.from ?? "", $0.to ?? "") < ($0.count, $1.from ?? "", $1.to ?? "")
    }
  }

  /// Counts changes; those to the value that is there already are none.
  private struct Counter {
    var samples: [Int64: Sample]
    var transitions: [Pair: Int] = [:]
    var excluded: Set<Int64> = []
    var moved: Set<Int64> = []

    struct Pair: Hashable {
      var from: String?
      var to: String?
    }

    mutating func note(_ id: Int64, _ field: LabelChange.Field, _ value: String?) {
      guard let sample = samples[id] else { return }
      switch field {
      case .label where sample.label != value: transitions[Pair(from: sample.label, to: value), default: 0] += 1
      case .excluded where value == "true" && !sample.excluded: excluded.insert(id)
      case .split where sample.split.rawValue != value: moved.insert(id)
      case .label, .excluded, .split: break
      }
    }
  }
}
