/// Gives an auditor that only ranks honest confidences: how often its suggestions of about that rank agree with votes.
enum RankCalibration {
  /// The assessment with confidences by isotonic regression on the votes of other folds, a class of its own where there
  /// are enough; unchanged when too few votes are known.
  ///
  /// - Parameter asked: the auditor's assessment of the labels that people were asked about, where these were changed since.
  static func applied(to assessment: Assessment, asked: Assessment? = nil, _ evidence: Evidence) -> Assessment {
    let measured = asked ?? assessment
    let truth = evidence.truth()
    guard assessment.confidence == nil, truth.count >= Consensus.fewestVotes else { return assessment }
    // A sample's own votes, and those of its copies, never speak for it, whatever split it is in.
    let ownFolds = VoteRegression.votedFolds(evidence)
    let outcomes = truth.sorted { $0.key < $1.key }.map { index, truth in
      Outcome(
        fold: ownFolds[index], to: measured.suggested[index], score: 1 - measured.quality[index],
        isRight: truth == measured.suggested[index])
    }
    var confidence = assessment.quality.map { 1 - $0 }
    for fold in [nil] + Set(ownFolds.compactMap(\.self)).sorted().map(Optional.some) {
      let others = outcomes.filter { fold == nil || $0.fold != fold }
      let all = IsotonicCalibration(others.map { ($0.score, $0.isRight) })
      let byTarget = evidence.classes.indices.map { target -> IsotonicCalibration in
        let own = others.filter { $0.to == target }
        // A class too rare among the votes for a curve of its own takes that of all.
        return own.count { $0.isRight } >= 20 ? IsotonicCalibration(own.map { ($0.score, $0.isRight) }) : all
      }
      for index in confidence.indices where ownFolds[index] == fold {
        confidence[index] = byTarget[assessment.suggested[index]](confidence[index])
      }
    }
    var result = assessment
    result.confidence = confidence
    result.isCalibrated = true
    return result
  }

  private struct Outcome {
    var fold: Int?
    var to: Int
    var score: Double
    var isRight: Bool
  }
}
