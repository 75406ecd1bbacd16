public import Training

/// SCN's own rule, out of fold: a label is wrong when another class is ahead of it by more than the margin.
///
/// The paper asks it only of samples of low importance, the published code of all (`relabelScope`). Unlike both, the
/// probabilities come from networks that never saw the sample, and nothing is overwritten. Source: Wang et al. 2020.
public struct SelfCureAudit: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "self-cure"
  /// One line for `fercure list auditors`.
  public static let summary = "SCN's rule out of fold: another class is ahead by the relabel margin"

  private let recipe: SelfCureRecipe

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) { self.recipe = recipe.selfCure }

  /// Ranks by how far the best other class is ahead of the given one.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    let classes = evidence.classes.count
    // In a batch the lowest 1 - beta count as unimportant; out of fold the same share of all samples does.
    var threshold = Double.infinity
    if recipe.relabelScope == .lowImportance {
      guard !evidence.importance.isEmpty else {
        throw AuditError.missingEvidence(auditor: Self.name, what: "SCN's importance")
      }
      let sorted = evidence.counted.map { evidence.importance[$0] }.sorted()
      threshold = sorted[min(sorted.count - 1, Int((1 - Double(recipe.ratio)) * Double(sorted.count)))]
    }
    var result = Assessment(
      quality: [Double](repeating: 0, count: evidence.count), suggested: evidence.labels,
      isFlagged: [Bool](repeating: false, count: evidence.count))
    for index in 0..<evidence.count {
      let best = evidence.bestOther(index)
      let ahead =
        evidence.probabilities[index * classes + best]
        - evidence.probabilities[index * classes + evidence.labels[index]]
      result.quality[index] = (1 - ahead) / 2
      result.suggested[index] = best
      let isLow = recipe.relabelScope == .any || evidence.importance[index] < threshold
      result.isFlagged[index] = isLow && ahead > Double(recipe.relabelMargin)
    }
    return result
  }
}
