public import Training

/// Confident learning on the out-of-fold probabilities, as cleanlab has it by default.
public struct ConfidentLearningAudit: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "confident-learning"
  /// One line for `fercure list auditors`.
  public static let summary = "cleanlab's rule: labels that the joint of label and confident class counts as wrong"

  /// Which labels are flagged.
  public var filter = ConfidentLearning.Filter.pruneByNoiseRate
  /// How labels are ranked.
  public var score = ConfidentLearning.Score.selfConfidence

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) {}

  /// Ranks by the score, flags by the filter.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    let learning = ConfidentLearning(
      labels: evidence.labels, probabilities: evidence.probabilities, classes: evidence.classes.count)
    var isFlagged = learning.issues(filter)
    // Labels of other splits say nothing about those that networks are trained on.
    let counted = evidence.counted
    if counted.count < evidence.count {
      let training = ConfidentLearning(
        labels: counted.map { evidence.labels[$0] }, probabilities: counted.flatMap { evidence.probabilities(of: $0) },
        classes: evidence.classes.count)
      for (index, flag) in zip(counted, training.issues(filter)) { isFlagged[index] = flag }
    }
    return Assessment(
      quality: learning.scores(score), suggested: evidence.labels.indices.map { evidence.bestOther($0) },
      isFlagged: isFlagged)
  }
}
