internal import Curation
internal import Training

/// Turns an auditor's assessment into scores and suggestions.
struct Judgement {
  let evidence: Evidence
  let assessment: Assessment
  /// Further opinions, which become signals.
  let others: [(name: String, assessment: Assessment)]
  let recipe: AuditRecipe

  /// Judges all samples.
  func result() -> AuditResult {
    // An auditor that only ranks borrows its confidences from label and network together.
    let posterior = assessment.posterior ?? Consensus.posterior(evidence)
    var scores: [Score] = []
    var suggestions: [Suggestion] = []
    for index in 0..<evidence.count {
      let signals = signals(index, posterior)
      let proposal = proposal(index, posterior)
      let from = evidence.classes[evidence.labels[index]]
      let sample = evidence.samples[index].id
      let isSuggested = proposal.map { $0.confidence >= recipe.minimumConfidence } ?? false
      scores.append(
        Score(
          sample: sample, label: from, quality: min(1, max(0, assessment.quality[index])),
          verdict: isSuggested ? proposal?.verdict : nil, signals: signals))
      guard isSuggested, let proposal else { continue }
      suggestions.append(
        Suggestion(
          sample: sample, from: from, to: proposal.to.map { evidence.classes[$0] }, confidence: proposal.confidence,
          verdict: proposal.verdict, signals: signals))
    }
    suggestions.sort { ($0.confidence, $1.sample) > ($1.confidence, $0.sample) }
    return AuditResult(
      suggestions: suggestions, scores: scores, histories: [], isCalibrated: assessment.isCalibrated)
  }

  private struct Proposal {
    var to: Int?
    var confidence: Double
    var verdict: Suggestion.Verdict
  }

  private func proposal(_ index: Int, _ posterior: [Double]) -> Proposal? {
    if let notAFace = assessment.notAFace, notAFace[index] >= 0.5 {
      return Proposal(to: nil, confidence: min(1, notAFace[index]), verdict: .notAFace)
    }
    guard assessment.isFlagged[index], assessment.suggested[index] != evidence.labels[index] else { return nil }
    let to = assessment.suggested[index]
    let start = index * evidence.classes.count
    let (given, best) = (posterior[start + evidence.labels[index]], posterior[start + to])
    let confidence = assessment.confidence?[index] ?? best
    // Two labels share the face when the given one keeps at least half the weight of the proposed one.
    return Proposal(to: to, confidence: min(1, max(0, confidence)), verdict: given >= 0.5 * best ? .ambiguous : .wrong)
  }

  private func signals(_ index: Int, _ posterior: [Double]) -> Signals {
    let row = Array(evidence.probabilities(of: index))
    var extra = ["posterior": posterior[index * evidence.classes.count + evidence.labels[index]]]
    if !evidence.instability.isEmpty { extra["instability"] = evidence.instability[index] }
    if !evidence.flipDivergence.isEmpty { extra["flipDivergence"] = evidence.flipDivergence[index] }
    if !evidence.neighbours.isEmpty {
      extra["neighbours"] = evidence.neighbours[index * evidence.classes.count + evidence.labels[index]]
    }
    var epoch = 0
    if let dynamics = evidence.dynamics, dynamics.networks[index] > 0 {
      epoch = dynamics.relabelEpoch[index]
      extra["relabelledShare"] = dynamics.relabelledShare[index]
      extra["areaUnderMargin"] = dynamics.margin[index]
      extra["confidence"] = dynamics.confidence[index]
      extra["variability"] = dynamics.variability[index]
    }
    for other in others { extra[other.name] = other.assessment.quality[index] }
    func short(_ value: Double) -> Double { (value * 1e5).rounded() / 1e5 }
    return Signals(
      probabilities: row.map(short), importance: evidence.importance.isEmpty ? nil : short(evidence.importance[index]),
      margin: short((row.max() ?? 0) - row[evidence.labels[index]]), relabelEpoch: epoch == 0 ? nil : epoch,
      extra: extra.mapValues(short))
  }
}
