public import Curation
public import Training

/// What an audit found.
public struct AuditResult: Sendable {
  /// Proposed changes, by falling confidence.
  public var suggestions: [Suggestion]
  /// One score for every audited sample.
  public var scores: [Score]
  /// The epochs of each network.
  public var histories: [[EpochMetrics]]
  /// True when confidences were calibrated on votes.
  public var isCalibrated: Bool
  /// How well each auditor recognises labels that were made wrong on purpose.
  public var recognition: [Recognition] = []
  /// Stated confidence against what votes say, for suggestions on whose samples people voted; empty without votes.
  public var reliability: [ReliabilityBin] = []

  /// Creates a result.
  public init(
    suggestions: [Suggestion], scores: [Score], histories: [[EpochMetrics]], isCalibrated: Bool = false
  ) {
    self.suggestions = suggestions
    self.scores = scores
    self.histories = histories
    self.isCalibrated = isCalibrated
  }
}
