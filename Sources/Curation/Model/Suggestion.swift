/// A proposal to change the label of a sample, with its evidence.
///
/// It changes nothing until it is accepted.
public struct Suggestion: Sendable, Codable, Hashable, Identifiable {
  /// The row id in the dataset file; 0 before it is stored.
  public var id: Int64
  /// The audit that made it.
  public var run: Int64
  /// The sample it is about.
  public var sample: Int64
  /// The label the sample had when it was audited.
  public var from: String
  /// The proposed label; nil when the picture shows no face at all.
  public var to: String?
  /// The estimated probability that accepting it is right, from 0 to 1.
  public var confidence: Double
  /// What is wrong with the sample.
  public var verdict: Verdict
  /// The evidence.
  public var signals: Signals
  /// What was decided about it.
  public var state: State
  /// Who decided: `reviewer NAME`, `rule NAME`; nil while open.
  public var decidedBy: String?
  /// When, in ISO 8601; nil while open.
  public var decidedAt: String?

  /// What an auditor thinks is wrong with a sample.
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    case wrong
    case ambiguous
    case notAFace = "not-a-face"
  }

  /// What was decided about a suggestion.
  public enum State: String, Codable, Sendable, CaseIterable {
    case open, accepted, rejected, relabelled, skipped
  }

  /// Creates a suggestion; an auditor leaves `id`, `state` and the decision to the store.
  public init(
    id: Int64 = 0, run: Int64 = 0, sample: Int64, from: String, to: String?, confidence: Double, verdict: Verdict,
    signals: Signals, state: State = .open, decidedBy: String? = nil, decidedAt: String? = nil
  ) {
    self.id = id
    self.run = run
    self.sample = sample
    self.from = from
    self.to = to
    self.confidence = confidence
    self.verdict = verdict
    self.signals = signals
    self.state = state
    self.decidedBy = decidedBy
    self.decidedAt = decidedAt
  }
}

/// What an audit measured on one sample.
public struct Signals: Sendable, Codable, Hashable {
  /// Probability of each class, in the dataset's order, from networks that never saw the sample or a copy of it.
  public var probabilities: [Double]
  /// SCN's importance weight, from 0 to 1.
  public var importance: Double?
  /// Largest probability minus the given label's.
  public var margin: Double?
  /// The epoch at which a training network first wanted to relabel the sample, counted from 1.
  public var relabelEpoch: Int?
  /// Other numbers by name.
  public var extra: [String: Double]?

  /// Creates the evidence of one sample.
  public init(
    probabilities: [Double], importance: Double? = nil, margin: Double? = nil, relabelEpoch: Int? = nil,
    extra: [String: Double]? = nil
  ) {
    self.probabilities = probabilities
    self.importance = importance
    self.margin = margin
    self.relabelEpoch = relabelEpoch
    self.extra = extra
  }

  /// Where `extra` has `givenProbability`.
  public static let givenProbabilityKey = "posterior"
  /// The probability that the given label is right, where an audit said it.
  public var givenProbability: Double? { extra?[Self.givenProbabilityKey] }
}

/// How an audit judges one sample: every audited sample has one, suggested for a change or not.
public struct Score: Sendable, Codable, Hashable {
  /// The sample.
  public var sample: Int64
  /// The label it had when it was audited.
  public var label: String
  /// Estimated probability that the given label is right, from 0 to 1.
  public var quality: Double
  /// What seems wrong; nil when nothing does.
  public var verdict: Suggestion.Verdict?
  /// The evidence.
  public var signals: Signals

  /// Creates a score.
  public init(sample: Int64, label: String, quality: Double, verdict: Suggestion.Verdict?, signals: Signals) {
    self.sample = sample
    self.label = label
    self.quality = quality
    self.verdict = verdict
    self.signals = signals
  }
}
