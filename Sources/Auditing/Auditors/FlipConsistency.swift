public import Training

/// Whether the given label has the same support in a face and in its mirror image.
///
/// A network that follows a wrong label does so by details that do not survive the flip: Zhang et al. 2022 (EAC) compare
/// attention maps; here it is what the maps add up to, the probabilities and the feature vector of both pictures.
public struct FlipConsistency: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "flip-consistency"
  /// One line for `fercure list auditors`.
  public static let summary = "whether a face and its mirror image speak for the label alike"

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) {}

  /// Ranks by the label's probability times the agreement of both pictures; flags labels below any other class in
  /// pictures that disagree more than three quarters of all do.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    guard !evidence.flipDivergence.isEmpty else {
      throw AuditError.missingEvidence(auditor: Self.name, what: "predictions of mirror images")
    }
    let classes = evidence.classes.count
    let sorted = evidence.counted.map { evidence.flipDivergence[$0] }.sorted()
    let quartile = sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 3 / 4)]
    var result = Assessment(
      quality: [Double](repeating: 0, count: evidence.count), suggested: evidence.labels,
      isFlagged: [Bool](repeating: false, count: evidence.count))
    for index in 0..<evidence.count {
      let best = evidence.bestOther(index)
      let given = evidence.probabilities[index * classes + evidence.labels[index]]
      let likeness = evidence.flipLikeness.isEmpty ? 1 : max(0, evidence.flipLikeness[index])
      result.quality[index] = min(1, max(0, given * (1 - evidence.flipDivergence[index]) * likeness))
      result.suggested[index] = best
      result.isFlagged[index] =
        evidence.flipDivergence[index] > quartile && evidence.probabilities[index * classes + best] > given
    }
    return result
  }
}
