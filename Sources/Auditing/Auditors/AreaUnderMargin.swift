public import Training

/// The area under the margin: how far the given label's logit was ahead of the others while networks learned from it.
///
/// A wrong label is learned against what similar samples say, so its margin stays low. The threshold is where the labels
/// that were made wrong on purpose end: the margin that 99 % of them do not reach. Source: Pleiss et al. 2020, whose
/// threshold samples have a class of their own and cannot be right; ours are the audit's injected labels, and where the
/// given label was wrong, the one put in its place can be the true one.
public struct AreaUnderMargin: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "area-under-margin"
  /// One line for `fercure list auditors`.
  public static let summary = "how far the label's logit was ahead of the others, over all epochs of learning it"

  /// The share of threshold samples with a wrong label that lies below the threshold.
  static let percentile = 0.99
  /// Fewer threshold samples than this say nothing: then a label is flagged whose margin is negative.
  static let fewestThresholdSamples = 50

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) {}

  /// Ranks by margin; samples that no network learned from, by the margin of their out-of-fold log-probabilities.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    guard let dynamics = evidence.dynamics else {
      throw AuditError.missingEvidence(auditor: Self.name, what: "the logits of each epoch")
    }
    let classes = evidence.classes.count
    let threshold = Self.threshold(
      margins: evidence.injections.map { $0.dynamics.margin[0] },
      rightness: evidence.injections.map { evidence.probabilities[$0.index * classes + $0.label] })
    var result = Assessment(
      quality: [Double](repeating: 0, count: evidence.count), suggested: evidence.labels,
      isFlagged: [Bool](repeating: false, count: evidence.count))
    for index in 0..<evidence.count {
      let wasSeen = dynamics.networks[index] > 0
      let best = wasSeen ? evidence.bestOther(dynamics.probabilities, index) : evidence.bestOther(index)
      let outside =
        safeLog(evidence.probabilities[index * classes + evidence.labels[index]])
        - safeLog(evidence.probabilities[index * classes + best])
      let margin = wasSeen ? dynamics.margin[index] : outside
      result.quality[index] = sigmoid(margin)
      result.suggested[index] = best
      result.isFlagged[index] = margin < threshold
    }
    return result
  }

  /// The margin below which labels count as wrong.
  ///
  /// - Parameters:
  ///   - margins: of the threshold samples.
  ///   - rightness: how probable their injected labels are by networks that never saw them. What is right lies above what
  ///     is wrong, and takes so much off the share that must lie below.
  static func threshold(margins: [Double], rightness: [Double]) -> Double {
    guard margins.count >= fewestThresholdSamples else { return 0 }
    let shareOfWrong = 1 - rightness.reduce(0, +) / Double(rightness.count)
    return margins.sorted()[Int(percentile * shareOfWrong * Double(margins.count - 1))]
  }
}
