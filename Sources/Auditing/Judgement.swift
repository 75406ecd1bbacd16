internal import Curation
internal import Training

/// Turns an auditor's assessment into scores and suggestions.
struct Judgement {
  let evidence: Evidence
  let assessment: Assessment
  /// Further opinions, which become signals.
  let others: [(name: String, assessment: Assessment)]
  let recipe: AuditRecipe
  /// How right suggestions into each class are where wrong labels were made on purpose.
  var gates: [TargetGate] = []

  /// Judges all samples.
  func result() -> AuditResult {
    // An auditor that only ranks borrows its confidences from label and network together.
    let posterior = assessment.posterior ?? Consensus.posterior(evidence.probabilities, evidence)
    var scores: [Score] = []
    var suggestions: [Suggestion] = []
    for index in 0..<evidence.count {
      var signals = signals(index, posterior)
      let proposal = proposal(index, posterior)
      if let to = proposal?.to, to < gates.count { signals.extra?.merge(gates[to].signals) { $1 } }
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

  /// Stated confidence of suggestions against the votes on their samples; no suggestion was made with its own votes.
  func reliability() -> [ReliabilityBin] {
    let posterior = assessment.posterior ?? Consensus.posterior(evidence.probabilities, evidence)
    var outcomes: [(confidence: Double, isRight: Bool)] = []
    for (index, truth) in evidence.truth().sorted(by: { $0.key < $1.key }) {
      guard let proposal = proposal(index, posterior), let to = proposal.to,
        proposal.confidence >= recipe.minimumConfidence
      else { continue }
      outcomes.append((proposal.confidence, to == truth))
    }
    return Ranking.reliability(outcomes.map(\.confidence), isRight: outcomes.map(\.isRight))
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
    let confidence = assessment.confidence?[index] ?? posterior[index * evidence.classes.count + to]
    return Proposal(
      to: to, confidence: min(1, max(0, confidence)),
      verdict: isShared(index, to, posterior) ? .ambiguous : .wrong)
  }

  /// Whether the given label and the proposed one share the face: they have most of it, and neither is weak.
  private func isShared(_ index: Int, _ to: Int, _ posterior: [Double]) -> Bool {
    let (shares, limits) =
      assessment.shares.map { ($0, Self.sharedVotes) } ?? (posterior, Self.sharedProbability)
    let start = index * evidence.classes.count
    let (given, proposed) = (shares[start + evidence.labels[index]], shares[start + to])
    return min(given, proposed) >= limits.each && given + proposed >= limits.together
  }

  /// The share of the votes, as they were learned, that each of two labels has at least when both fit, and both have together.
  static let sharedVotes = (each: 0.3, together: 0.8)
  /// The same of what is probable without votes: where more than a tenth is left to other classes, networks do not know the face.
  static let sharedProbability = (each: 0.25, together: 0.9)

  private func signals(_ index: Int, _ posterior: [Double]) -> Signals {
    let row = Array(evidence.probabilities(of: index))
    var extra = [Signals.givenProbabilityKey: posterior[index * evidence.classes.count + evidence.labels[index]]]
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
