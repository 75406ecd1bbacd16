import Curation

/// What the server keeps in memory of one suggestion.
struct Entry: Sendable {
  let id: Int64
  let sample: Int64
  let key: String
  let split: Split
  /// The tag of its picture.
  let pixels: String
  let from: String
  let to: String?
  let confidence: Double
  let verdict: Suggestion.Verdict
  let importance: Double?
  let margin: Double?
  let relabelEpoch: Int?
  /// One a class, in the dataset's order.
  let probabilities: [Float]
  var state: Suggestion.State
  var decidedBy: String?

  init(_ suggestion: Suggestion, sample: Sample) {
    id = suggestion.id
    self.sample = suggestion.sample
    key = sample.key
    split = sample.split
    pixels = sample.pictureTag
    from = suggestion.from
    to = suggestion.to
    confidence = suggestion.confidence
    verdict = suggestion.verdict
    importance = suggestion.signals.importance
    margin = suggestion.signals.margin
    relabelEpoch = suggestion.signals.relabelEpoch
    probabilities = suggestion.signals.probabilities.map { Float($0) }
    state = suggestion.state
    decidedBy = suggestion.decidedBy
  }

  /// Whether it still waits for a decision.
  var isOpen: Bool { state == .open || state == .skipped }

  /// The label that accepting would give, in words.
  var target: String { to ?? Review.notAFace }

  /// The suggestion as `Review.verdict(on:)` needs it.
  var suggestion: Suggestion {
    Suggestion(
      id: id, sample: sample, from: from, to: to, confidence: confidence, verdict: verdict,
      signals: Signals(probabilities: []), state: state, decidedBy: decidedBy)
  }
}
