public import Training

/// Whether the samples that look most alike carry the same label.
///
/// Looks are feature vectors of a network that never saw the sample, compared by cosine with those it learned from.
public struct Neighbours: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "neighbours"
  /// One line for `fercure list auditors`.
  public static let summary = "how many of the nearest faces carry the same label"

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) {}

  /// Ranks by the label's share among the neighbours; flags where another class has most of them.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    guard !evidence.neighbours.isEmpty else {
      throw AuditError.missingEvidence(auditor: Self.name, what: "feature vectors")
    }
    let classes = evidence.classes.count
    var result = Assessment(
      quality: [Double](repeating: 0, count: evidence.count), suggested: evidence.labels,
      isFlagged: [Bool](repeating: false, count: evidence.count))
    for index in 0..<evidence.count {
      let best = evidence.bestOther(evidence.neighbours, index)
      result.quality[index] = min(1, evidence.neighbours[index * classes + evidence.labels[index]])
      result.suggested[index] = best
      result.isFlagged[index] = evidence.neighbours[index * classes + best] > 0.5
    }
    return result
  }
}
