public import Training

/// All signals together: the probability of every class, given what networks say and what the label says.
public struct Consensus: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "consensus"
  /// One line for `fercure list auditors`.
  public static let summary = "all signals together, with calibrated confidence (the default)"

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) {}

  /// Judges every sample.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    let posterior = Self.posterior(evidence)
    let classes = evidence.classes.count
    var result = Assessment(
      quality: evidence.labels.indices.map { posterior[$0 * classes + evidence.labels[$0]] },
      suggested: evidence.labels.indices.map { evidence.bestOther(posterior, $0) },
      isFlagged: [Bool](repeating: false, count: evidence.count))
    for index in 0..<evidence.count {
      result.isFlagged[index] = posterior[index * classes + result.suggested[index]] > result.quality[index]
    }
    result.confidence = evidence.labels.indices.map { posterior[$0 * classes + result.suggested[$0]] }
    result.posterior = posterior
    return result
  }

  /// Without votes: the networks' probabilities and the label, weighed by how labels seem to err.
  static func posterior(_ evidence: Evidence) -> [Double] {
    let classes = evidence.classes.count
    let rows = (0..<evidence.count).map { Array(evidence.probabilities(of: $0)) }
    return NoisePosterior(
      probabilities: rows, labels: evidence.labels, counts: evidence.labels.indices.map { evidence.isTraining($0) }
    ).posteriors.flatMap { $0.count == classes ? $0 : [Double](repeating: 0, count: classes) }
  }
}
