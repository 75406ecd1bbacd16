import Randomness
import Testing
import Training

@testable import Auditing

@Suite struct CalibrationTests {
  @Test func `the posterior finds the noise it was given`() {
    // Three classes; a network that is right with probability 0.85; labels of class 0 are called 1 in 30 % of cases.
    var generator = SeededGenerator(seed: 4)
    var probabilities: [[Double]] = []
    var labels: [Int] = []
    var truth: [Int] = []
    for i in 0..<3000 {
      let real = i % 3
      let seen = generator.chance(0.85) ? real : (real + 1 + Int(generator.uniform() * 2)) % 3
      probabilities.append((0..<3).map { $0 == seen ? 0.85 : 0.075 })
      labels.append(real == 0 && generator.chance(0.3) ? 1 : real)
      truth.append(real)
    }
    let result = NoisePosterior(
      probabilities: probabilities, labels: labels, counts: [Bool](repeating: true, count: 3000))
    #expect(abs(result.transition[0][1] - 0.3) < 0.06, "\(result.transition[0])")
    #expect(result.transition[2][2] > 0.93)
    let best = result.posteriors.map { p in p.indices.max { p[$0] < p[$1] } ?? 0 }
    let corrected = zip(best, truth).count { $0 == $1 }
    let given = zip(labels, truth).count { $0 == $1 }
    #expect(corrected > given)
    #expect(result.posteriors.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 })
  }

  @Test func `calibration turns scores into how often they are right`() {
    var generator = SeededGenerator(seed: 9)
    let outcomes = (0..<4000).map { _ -> (score: Double, isRight: Bool) in
      let score = generator.uniform()
      return (score, generator.chance(score * score))
    }
    let calibration = IsotonicCalibration(outcomes)
    for score in stride(from: 0.1, through: 0.9, by: 0.1) {
      #expect(abs(calibration(score) - score * score) < 0.08, "\(score): \(calibration(score))")
    }
    var last = 0.0
    for score in stride(from: 0.0, through: 1, by: 0.01) {
      #expect(calibration(score) >= last - 1e-12)
      last = calibration(score)
    }
  }

  @Test func `an auditor that only ranks gets its confidences from votes on other samples`() throws {
    let simulation = SimulatedEvidence(count: 3000, noise: 0.3, voted: 0.5)
    let ranked = try ConfidentLearningAudit(AuditRecipe()).assess(simulation.evidence)
    #expect(ranked.confidence == nil)
    let calibrated = RankCalibration.applied(to: ranked, simulation.evidence)
    let confidence = try #require(calibrated.confidence)
    let unknown = simulation.truth.indices.filter { simulation.evidence.votes[$0] == nil }
    let bins = Ranking.reliability(
      unknown.map { confidence[$0] }, isRight: unknown.map { calibrated.suggested[$0] == simulation.truth[$0] })
    #expect(Ranking.expectedCalibrationError(bins) < 0.04, "\(bins)")
  }

  @Test func `a short list of right outcomes never claims certainty`() {
    #expect(IsotonicCalibration([(0.9, true), (0.95, true), (0.99, true)])(0.99) < 0.9)
    #expect(IsotonicCalibration([])(0.4) == 0.4)
  }

  @Test func `votes decide by more than half of all, faces that are none included`() {
    let classes = ["angry", "happy"]
    #expect(VoteTruth.majority(["happy": 6, "angry": 4], classes: classes) == 1)
    #expect(VoteTruth.majority(["happy": 5, "angry": 5], classes: classes) == nil)
    #expect(VoteTruth.majority(["happy": 5, "NF": 5], classes: classes) == nil)
    #expect(VoteTruth.isNotAFace(["NF": 6, "happy": 4]))
    #expect(VoteTruth.distribution(["happy": 3, "angry": 1, "contempt": 4], classes: classes) == [0.25, 0.75])
    #expect(VoteTruth.distribution(["happy": 3, "contempt": 4], classes: classes) == nil)
  }
}
