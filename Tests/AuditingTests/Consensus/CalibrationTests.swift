import Curation
import Foundation
import Randomness
import Testing
import Training

@testable import Auditing

@Suite struct CalibrationTests {
  @Test func `how labels err is read off what networks say, and a label that is never wrong is believed`() {
    // Three classes; of class 0, four in ten are called 1; networks have learned what faces are called.
    var generator = SeededGenerator(seed: 4)
    let noise: [[Double]] = [[0.6, 0.4, 0], [0, 1, 0], [0, 0.1, 0.9]]
    var probabilities: [Double] = []
    var labels: [Int] = []
    var truth: [Int] = []
    for i in 0..<6000 {
      let real = i % 3
      let sureness = 0.4 + 0.6 * generator.uniform()
      let seen = generator.chance(0.9) ? real : (real + 1 + Int(generator.uniform() * 2)) % 3
      let actual = (0..<3).map { $0 == seen ? sureness + (1 - sureness) / 3 : (1 - sureness) / 3 }
      probabilities += (0..<3).map { y in (0..<3).reduce(0.0) { $0 + actual[$1] * noise[$1][y] } }
      let draw = generator.uniform()
      labels.append(draw < noise[real][0] ? 0 : draw < noise[real][0] + noise[real][1] ? 1 : 2)
      truth.append(real)
    }
    let model = LabelNoiseModel(
      probabilities: probabilities, labels: labels, classes: 3, counts: [Bool](repeating: true, count: 6000))
    // Doubt about faces blurs the rows; what is confused with what stays in them.
    #expect(abs(model.transition[0][1] - 0.4) < 0.1, "\(model.transition)")
    for k in 0..<3 {
      #expect(model.transition[k].indices.max { model.transition[k][$0] < model.transition[k][$1] } == k)
    }
    #expect(model.transition[0][1] > 2 * model.transition[1][0], "\(model.transition)")
    // Only faces of class 0 are called 0: networks that doubt such a label are overruled more often than not.
    func doubted(_ matrix: [Double]) -> Int {
      labels.indices.count { index in
        labels[index] == 0 && (0..<3).max { matrix[index * 3 + $0] < matrix[index * 3 + $1] } != 0
      }
    }
    #expect(
      2 * doubted(model.posterior) < doubted(probabilities), "\(doubted(model.posterior)) \(doubted(probabilities))")
    for index in 0..<truth.count {
      #expect(abs((0..<3).reduce(0.0) { $0 + model.posterior[index * 3 + $1] } - 1) < 1e-9)
    }
  }

  @Test func `networks that know nothing change no label`() {
    var generator = SeededGenerator(seed: 2)
    var (probabilities, labels): ([Double], [Int]) = ([], [])
    for _ in 0..<200 {
      let draw = generator.uniform()
      labels.append(draw < 0.4 ? 0 : draw < 0.75 ? 1 : 2)
      let noise = (0..<3).map { _ in 0.8 + 0.4 * generator.uniform() }
      let values = zip([0.4, 0.35, 0.25], noise).map { $0 * $1 }
      probabilities += values.map { $0 / values.reduce(0, +) }
    }
    let model = LabelNoiseModel(
      probabilities: probabilities, labels: labels, classes: 3, counts: [Bool](repeating: true, count: 200))
    #expect(model.skill < 0.05, "\(model.skill)")
    for (index, label) in labels.enumerated() {
      let best = (0..<3).max { model.posterior[index * 3 + $0] < model.posterior[index * 3 + $1] }
      #expect(best == label)
    }
  }

  @Test func `classes that networks find seldom are believed less, those found as often as labels name them as before`()
  {
    // A third of the labels name class 2; networks find it in a third of those faces and call the others 0.
    func model(found: Bool, movesShares: Bool = true) -> LabelNoiseModel {
      var (probabilities, labels): ([Double], [Int]) = ([], [])
      for i in 0..<900 {
        labels.append(i % 3)
        let called = found && i % 3 == 2 && i % 9 != 2 ? 0 : i % 3
        probabilities += (0..<3).map { $0 == called ? 0.8 : 0.1 }
      }
      return LabelNoiseModel(
        probabilities: probabilities, labels: labels, classes: 3, counts: [Bool](repeating: true, count: 900),
        movesShares: movesShares)
    }
    let (plain, moved) = (model(found: false), model(found: true))
    #expect(largestDifference(plain.gains, [1, 1, 1]) < 1e-9, "\(plain.gains)")
    let shares = [(1.0 / 3) + 0.7 * 2 / 9, 1.0 / 3, (1.0 / 3) - 0.7 * 2 / 9]
    let wanted = shares.map { pow(($0 + 0.02) / (1.0 / 3 + 0.02), 3) }
    #expect(largestDifference(moved.gains, wanted) < 1e-6, "\(moved.gains) \(wanted)")
    // A face called 2 by both is doubted more than without.
    let unmoved = model(found: true, movesShares: false)
    #expect(unmoved.gains == [1, 1, 1])
    #expect(moved.posterior[2 * 3 + 2] < unmoved.posterior[2 * 3 + 2] - 0.01)
  }

  @Test func `a class that no label names is not believed beyond measure, and networks without skill move nothing`() {
    // Seven classes are named; one face in five is taken for the eighth.
    let labels = (0..<700).map { $0 % 7 }
    func model(sureness: Double) -> LabelNoiseModel {
      LabelNoiseModel(
        probabilities: labels.enumerated().flatMap { index, label in
          (0..<8).map { $0 == (index / 7 % 5 == 0 ? 7 : label) ? sureness : (1 - sureness) / 7 }
        },
        labels: labels, classes: 8, counts: [Bool](repeating: true, count: 700), movesShares: true)
    }
    let surprised = model(sureness: 0.8)
    #expect(surprised.gains[7] == 10, "\(surprised.gains)")
    #expect(surprised.posterior.allSatisfy { $0.isFinite })
    let ignorant = model(sureness: 0.13)
    #expect(ignorant.skill < 0.05 && ignorant.gains[7] < 2.5, "\(ignorant.skill) \(ignorant.gains)")
  }

  @Test func `shares that depend on how sure networks are taken to be move nothing`() {
    // Class 2 is never found, by networks that are right about the label two times in three and say 99 %, or 80 %.
    let labels = (0..<900).map { $0 % 3 }
    func gains(sureness: Double) -> [Double] {
      LabelNoiseModel(
        probabilities: labels.flatMap { label in (0..<3).map { $0 == label % 2 ? sureness : (1 - sureness) / 2 } },
        labels: labels, classes: 3, counts: [Bool](repeating: true, count: 900), movesShares: true
      ).gains
    }
    #expect(gains(sureness: 0.99) == [1, 1, 1])
    let moved = gains(sureness: 0.8)
    #expect(moved[0] > 2 && moved[2] < 0.5, "\(moved)")
  }

  @Test func `probabilities that are too sure of the labels are made less so`() {
    var generator = SeededGenerator(seed: 8)
    var (sure, labels): ([Double], [Int]) = ([], [])
    for _ in 0..<3000 {
      let p = 0.5 + 0.5 * generator.uniform()
      labels.append(generator.chance(p) ? 0 : 1)
      // Twice the log-odds.
      let square = p * p / (p * p + (1 - p) * (1 - p))
      sure += [square, 1 - square]
    }
    let model = LabelNoiseModel(
      probabilities: sure, labels: labels, classes: 2, counts: [Bool](repeating: true, count: 3000))
    #expect(abs(model.sharpness - 0.5) < 0.08, "\(model.sharpness)")
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

  @Test func `probabilities become as sure as outcomes show, and keep their order`() {
    var generator = SeededGenerator(seed: 12)
    // Twice too sure: said with twice the log-odds.
    let outcomes = (0..<4000).map { _ -> (probability: Double, isRight: Bool) in
      let p = 0.05 + 0.9 * generator.uniform()
      let odds = (p / (1 - p)) * (p / (1 - p))
      return (odds / (1 + odds), generator.chance(p))
    }
    let calibration = LogisticCalibration(outcomes)
    #expect(abs(calibration.slope - 0.5) < 0.05 && abs(calibration.intercept) < 0.1, "\(calibration)")
    #expect(abs(calibration(0.9) - 0.75) < 0.03, "odds of 9 are odds of 3")
    var last = 0.0
    for p in stride(from: 0.0, through: 1, by: 0.01) {
      #expect(calibration(p) > last - 1e-12 && calibration(p) <= 1)
      last = calibration(p)
    }
    #expect(LogisticCalibration([])(0.3).distance(to: 0.3).magnitude < 1e-12)
    let reversed = LogisticCalibration((0..<500).map { (Double($0) / 500, $0 < 250) })
    #expect(reversed(0.9) >= reversed(0.1))
    // The surer the less often right: all are then about as sure as outcomes are right on the whole.
    let doubtful = (0..<5000).map { (probability: 0.9 + Double($0) / 50500, isRight: $0 < 1500) }
    let flat = LogisticCalibration(doubtful)
    #expect(abs(doubtful.reduce(0) { $0 + flat($1.probability) } / 5000 - 0.3) < 0.02)
  }

  @Test func `few outcomes say little against probabilities that were honest`() {
    // Sixty outcomes of which chance made a sixth fewer right than was said, and six hundred.
    func said(of count: Int) -> Double {
      LogisticCalibration((0..<count).map { (0.6, $0 < count / 2) })(0.6)
    }
    #expect(said(of: 60) > 0.56 && said(of: 600) < 0.53, "\(said(of: 60)) \(said(of: 600))")
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
    #expect(Ranking.expectedCalibrationError(bins) < 0.06, "\(bins)")
  }

  /// Reviewers said of many faces that the suggestion was right, and their labels are the new ones since.
  @Test(arguments: ["consensus", "confident-learning"])
  func `suggestions are measured on the labels that reviewers were asked about`(_ auditor: String) throws {
    var simulation = SimulatedEvidence(count: 3000, noise: 0.3)
    for index in 0..<1500 {
      let truth = simulation.truth[index]
      simulation.evidence.formerLabels[index] = simulation.evidence.labels[index]
      simulation.evidence.labels[index] = truth
      simulation.evidence.votes[index] = ["class\(truth)": 10]
    }
    var recipe = AuditRecipe()
    recipe.auditor = auditor
    let result = try Audit(recipe: recipe, seed: 1).judge(simulation.evidence)
    let open = result.suggestions.filter { $0.sample > 1500 && $0.to != nil }
    #expect(open.count > 200, "\(open.count)")
    let bins = Ranking.reliability(
      open.map(\.confidence), isRight: open.map { $0.to == "class\(simulation.truth[Int($0.sample) - 1])" })
    #expect(Ranking.expectedCalibrationError(bins) < 0.1, "\(bins)")
    let right = result.reliability.reduce(0) { $0 + $1.measured * Double($1.count) }
    #expect(right > 100, "the curve counts what reviewers accepted: \(result.reliability)")
  }

  /// How sure a sample is, and how sure when the votes of another one's fold have turned against what is suggested.
  private func confidence(
    of index: Int, beforeAndAfterVotesTurnWith known: Int, _ evidence: Evidence
  ) throws -> (before: Double?, after: Double?) {
    let ranked = try ConfidentLearningAudit(AuditRecipe()).assess(evidence)
    var turned = evidence
    let fold = VoteRegression.fold(known, evidence)
    for other in evidence.votes.keys where VoteRegression.fold(other, evidence) == fold {
      turned.votes[other] = ["class\((ranked.suggested[other] + 1) % 4)": 10]
    }
    func confidence(_ evidence: Evidence) -> Double? {
      RankCalibration.applied(to: ranked, evidence).confidence?[index]
    }
    return (confidence(evidence), confidence(turned))
  }

  @Test func `a test sample's confidence does not know the votes on its own picture`() throws {
    var simulation = SimulatedEvidence(count: 3000, noise: 0.3, voted: 0.5)
    let index = try #require(simulation.evidence.votes.keys.min())
    // No network held it out: it is a test sample with a copy in training.
    simulation.evidence.samples[index].split = .test
    simulation.evidence.heldOutBy[index] = nil
    let (before, after) = try confidence(of: index, beforeAndAfterVotesTurnWith: index, simulation.evidence)
    #expect(after == before)
  }

  @Test func `votes on a copy never decide how sure a sample without votes is`() throws {
    var simulation = SimulatedEvidence(count: 3000, noise: 0.3, voted: 0.5)
    let known = try #require(simulation.evidence.votes.keys.min())
    let copy = try #require(simulation.evidence.samples.indices.first { simulation.evidence.votes[$0] == nil })
    simulation.evidence.samples[copy].pixelHash = simulation.evidence.samples[known].pixelHash
    simulation.evidence.heldOutBy[copy] = simulation.evidence.heldOutBy[known]
    let (before, after) = try confidence(of: copy, beforeAndAfterVotesTurnWith: known, simulation.evidence)
    #expect(after == before)
  }

  @Test func `equal scores are as often right as they are together, in whatever order they come`() {
    let low = (0..<300).map { (score: 0.1 + Double($0) / 1000, isRight: false) }
    let high = (0..<400).map { (score: 1.0, isRight: $0 >= 200) }
    for outcomes in [low + high, low + high.reversed(), high + low] {
      #expect(abs(IsotonicCalibration(outcomes)(1) - 0.5) < 0.01)
    }
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
