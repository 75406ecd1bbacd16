internal import Curation
internal import Training

/// Turns evidence into scores and suggestions.
struct Judgement {
  let samples: [Sample]
  let labels: [Int]
  let classes: [String]
  let votes: [Int64: Votes]
  let folds: Folds
  let recipe: AuditRecipe

  /// Votes of this many distinct pictures are needed before confidences are calibrated on them.
  static let fewestVotes = 200

  /// What an auditor proposes for one sample, before calibration.
  private struct Proposal {
    var to: Int
    var confidence: Double
  }

  /// Judges all samples.
  func result(_ evidence: Evidence, histories: [[EpochMetrics]]) -> AuditResult {
    let posterior = NoisePosterior(
      probabilities: evidence.probabilities, labels: labels, counts: samples.map { $0.split == .train })
    var proposals = posterior.posteriors.enumerated().map { index, values in
      let to = values.indices.filter { $0 != labels[index] }.max { values[$0] < values[$1] } ?? labels[index]
      return Proposal(to: to, confidence: values[to])
    }
    let isCalibrated = calibrate(&proposals)
    var scores: [Score] = []
    var suggestions: [Suggestion] = []
    for (index, sample) in samples.enumerated() {
      let proposal = proposals[index]
      let signals = signals(evidence, posterior.posteriors[index], index)
      let verdict = verdict(proposal, posterior.posteriors[index], index)
      let isSuggested = verdict != nil && proposal.confidence >= recipe.minimumConfidence
      scores.append(
        Score(
          sample: sample.id, label: classes[labels[index]],
          quality: min(1, max(0, 1 - others(posterior.posteriors[index], proposal, index))),
          verdict: isSuggested ? verdict : nil, signals: signals))
      if isSuggested, let verdict {
        suggestions.append(
          Suggestion(
            sample: sample.id, from: classes[labels[index]], to: classes[proposal.to],
            confidence: proposal.confidence, verdict: verdict, signals: signals))
      }
    }
    suggestions.sort { ($0.confidence, $1.sample) > ($1.confidence, $0.sample) }
    return AuditResult(
      suggestions: suggestions, scores: scores, histories: histories, isCalibrated: isCalibrated)
  }

  /// The probability of all labels but the given one: the proposal's calibrated confidence and the rest's posterior.
  private func others(_ posterior: [Double], _ proposal: Proposal, _ index: Int) -> Double {
    let rest = 1 - posterior[labels[index]] - posterior[proposal.to]
    return proposal.confidence + max(0, rest) * (1 - proposal.confidence)
  }

  private func verdict(_ proposal: Proposal, _ posterior: [Double], _ index: Int) -> Suggestion.Verdict? {
    let given = posterior[labels[index]]
    let best = posterior[proposal.to]
    guard best > given || proposal.confidence >= 0.5 else { return nil }
    // Two labels share the face when the given one keeps at least half the weight of the proposed one.
    return given >= 0.5 * best ? .ambiguous : .wrong
  }

  private func signals(_ evidence: Evidence, _ posterior: [Double], _ index: Int) -> Signals {
    let probabilities = evidence.probabilities[index]
    let epoch = evidence.relabelEpoch[index]
    let relabelled = evidence.relabelled[index]
    var extra = ["posterior": posterior[labels[index]]]
    if relabelled.of > 0 { extra["relabelledShare"] = Double(relabelled.times) / Double(relabelled.of) }
    return Signals(
      probabilities: probabilities.map { ($0 * 1e5).rounded() / 1e5 },
      importance: (evidence.importance[index] * 1e5).rounded() / 1e5,
      margin: (((probabilities.max() ?? 0) - probabilities[labels[index]]) * 1e5).rounded() / 1e5,
      relabelEpoch: epoch == 0 ? nil : epoch, extra: extra.mapValues { ($0 * 1e5).rounded() / 1e5 })
  }

  /// Replaces confidences by how often such proposals agree with known votes, each fold's by the votes of the others.
  private func calibrate(_ proposals: inout [Proposal]) -> Bool {
    var outcomes: [(fold: Int?, to: Int, score: Double, isRight: Bool)] = []
    // People voted once on each distinct picture: copies would count the same votes twice.
    var seen: Set<String> = []
    for (index, sample) in samples.enumerated() {
      guard let known = votes[sample.id], seen.insert(sample.pixelHash).inserted else { continue }
      guard let truth = VoteTruth.majority(known, classes: classes) else { continue }
      let proposal = proposals[index]
      outcomes.append((folds.heldOutBy[index], proposal.to, proposal.confidence, truth == proposal.to))
    }
    guard outcomes.count >= Judgement.fewestVotes else { return false }
    for fold in [Int?.none] + (0..<folds.count).map({ $0 }) {
      let others = outcomes.filter { fold == nil || $0.fold != fold }
      let all = IsotonicCalibration(others.map { ($0.score, $0.isRight) })
      let byTarget = classes.indices.map { target -> IsotonicCalibration in
        let own = others.filter { $0.to == target }
        // A class too rare among the votes for a curve of its own takes that of all.
        return own.count { $0.isRight } >= 20 ? IsotonicCalibration(own.map { ($0.score, $0.isRight) }) : all
      }
      for index in proposals.indices where folds.heldOutBy[index] == fold {
        proposals[index].confidence = byTarget[proposals[index].to](proposals[index].confidence)
      }
    }
    return true
  }
}
