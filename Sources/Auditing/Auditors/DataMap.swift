public import Training

/// The data map: mean and spread of the given label's probability over the epochs of learning it.
///
/// Samples of low confidence and low variability are hard to learn, and most label errors are among them; ambiguous ones
/// have high variability. Source: Swayamdipta et al. 2020.
public struct DataMap: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "data-map"
  /// One line for `fercure list auditors`.
  public static let summary = "how sure of the label networks were while learning it, and how steadily"

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) {}

  /// Ranks by confidence; flags what was right in fewer than a quarter of the epochs and steady at that.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    guard let dynamics = evidence.dynamics else {
      throw AuditError.missingEvidence(auditor: Self.name, what: "the logits of each epoch")
    }
    let classes = evidence.classes.count
    let seen = evidence.labels.indices.filter { dynamics.networks[$0] > 0 }
    let spreads = seen.map { dynamics.variability[$0] }.sorted()
    let median = spreads.isEmpty ? 0 : spreads[spreads.count / 2]
    var result = Assessment(
      quality: [Double](repeating: 0, count: evidence.count), suggested: evidence.labels,
      isFlagged: [Bool](repeating: false, count: evidence.count))
    for index in 0..<evidence.count {
      let wasSeen = dynamics.networks[index] > 0
      result.suggested[index] =
        wasSeen ? evidence.bestOther(dynamics.probabilities, index) : evidence.bestOther(index)
      result.quality[index] =
        wasSeen ? dynamics.confidence[index] : evidence.probabilities[index * classes + evidence.labels[index]]
      result.isFlagged[index] =
        wasSeen && dynamics.correctness[index] < 0.25 && dynamics.variability[index] <= median
    }
    return result
  }
}
