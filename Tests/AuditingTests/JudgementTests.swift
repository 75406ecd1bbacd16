import Curation
import Testing
import Training

@testable import Auditing

struct JudgementTests {
  /// The verdicts on faces labelled `class0` for which `class1` is suggested, by what both have.
  private func verdicts(_ pairs: [(given: Double, proposed: Double)], areVotes: Bool) -> [Suggestion.Verdict?] {
    var simulation = SimulatedEvidence(count: pairs.count)
    simulation.evidence.labels = pairs.map { _ in 0 }
    let rows: [Double] = pairs.flatMap { [$0.given, $0.proposed, 1 - $0.given - $0.proposed, 0] }
    var assessment = Assessment(
      quality: pairs.map(\.given), suggested: pairs.map { _ in 1 }, isFlagged: pairs.map { _ in true })
    // What is probable, when votes were learned: nearly surely the other class.
    assessment.posterior = areVotes ? pairs.flatMap { _ in [0.01, 0.99, 0, 0] } : rows
    assessment.shares = areVotes ? rows : nil
    let result = Judgement(
      evidence: simulation.evidence, assessment: assessment, others: [], recipe: AuditRecipe()
    ).result()
    return result.scores.map(\.verdict)
  }

  @Test func `two labels share a face when they have most of it, and neither is weak`() {
    let pairs = [(0.31, 0.5), (0.29, 0.7), (0.3, 0.45), (0.45, 0.5), (0.26, 0.7), (0.24, 0.75)]
    #expect(verdicts(pairs, areVotes: true) == [.ambiguous, .wrong, .wrong, .ambiguous, .wrong, .wrong])
    // Without votes the rest of what is probable says that the face is not known.
    #expect(verdicts(pairs, areVotes: false) == [.wrong, .ambiguous, .wrong, .ambiguous, .ambiguous, .wrong])
  }
}
