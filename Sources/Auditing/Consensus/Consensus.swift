public import Training

/// All signals together: the probability of every class, given what networks say and what the label says.
///
/// Without votes, networks that held a sample out, those that learned from it and its nearest neighbours are pooled, and labels
/// that were made wrong on purpose tell how (`PooledConsensus`). Where votes of enough pictures are known, a regression learns
/// from them how all signals and the label tell the truth (`VoteRegression`); a sample's own votes never speak for it.
public struct Consensus: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "consensus"
  /// One line for `fercure list auditors`.
  public static let summary = "all signals together, with calibrated confidence (the default)"

  /// Votes with a majority on this many distinct pictures are needed before a regression learns from them.
  static let fewestVotes = 200

  private let recipe: AuditRecipe

  /// Whether a label of this probability is sooner wrong than right, even where no other class has more.
  private static func isDoubtful(_ probability: Double) -> Bool { probability < 0.5 }

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) { self.recipe = recipe }

  /// Judges every sample.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    let truth = evidence.truth()
    let isCalibrated = truth.count >= Self.fewestVotes
    let isHeld = recipe.train.earlyLearning > 0 && recipe.train.classWeights == "none"
    let regression = isCalibrated ? VoteRegression(evidence, truth: truth) : nil
    let posterior = regression?.posterior ?? PooledConsensus(evidence, movesShares: isHeld).posterior
    let classes = evidence.classes.count
    let suggested = evidence.labels.indices.map { evidence.bestOther(posterior, $0) }
    let quality = evidence.labels.indices.map { posterior[$0 * classes + evidence.labels[$0]] }
    let confidence = evidence.labels.indices.map { posterior[$0 * classes + suggested[$0]] }
    var result = Assessment(
      quality: quality, suggested: suggested, isFlagged: quality.map(Self.isDoubtful))
    result.confidence =
      regression.map { calibrated(confidence, asked: $0.asked, truth: truth, evidence.asAsked()) } ?? confidence
    result.posterior = posterior
    result.shares = regression?.shares
    result.notAFace = evidence.notAFace.isEmpty ? nil : evidence.notAFace
    result.isCalibrated = isCalibrated
    return result
  }

  /// A suggestion about a sample whose truth is known.
  private struct Judged {
    var index: Int
    var probability: Double
    var isRight: Bool
  }

  /// Confidences of suggestions as sure as those of other folds turned out to be.
  private func calibrated(
    _ confidence: [Double], asked posterior: [Double], truth: [Int: Int], _ evidence: Evidence
  ) -> [Double] {
    let classes = evidence.classes.count
    let judged = truth.sorted { $0.key < $1.key }.compactMap { index, truth -> Judged? in
      let to = evidence.bestOther(posterior, index)
      guard Self.isDoubtful(posterior[index * classes + evidence.labels[index]]) else { return nil }
      return Judged(index: index, probability: posterior[index * classes + to], isRight: truth == to)
    }
    let folds = VoteRegression.votedFolds(evidence)
    var result = confidence
    for fold in [nil] + Set(folds.compactMap(\.self)).sorted().map(Optional.some) {
      let others = judged.filter { fold == nil || folds[$0.index] != fold }
      let calibration = LogisticCalibration(others.map { (probability: $0.probability, isRight: $0.isRight) })
      for index in result.indices where folds[index] == fold { result[index] = calibration(confidence[index]) }
    }
    return result
  }

  /// The probability of each class, [N, C], from probabilities and labels alone.
  static func posterior(_ probabilities: [Double], _ evidence: Evidence) -> [Double] {
    LabelNoiseModel(
      probabilities: probabilities, labels: evidence.labels, classes: evidence.classes.count,
      counts: evidence.labels.indices.map { evidence.isTraining($0) }
    ).posterior
  }
}
