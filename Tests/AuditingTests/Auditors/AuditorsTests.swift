import Randomness
import Testing
import Training

@testable import Auditing

/// What every auditor must do, and what each of them does.
@Suite struct AuditorsTests {
  @Test func `every auditor ranks wrong labels below right ones, for every one of its samples`() throws {
    let simulation = SimulatedEvidence()
    for type in Auditors.all {
      let assessment = try type.init(AuditRecipe()).assess(simulation.evidence)
      #expect(assessment.quality.count == simulation.evidence.count)
      #expect(assessment.quality.allSatisfy { (0...1).contains($0) }, "\(type.name)")
      let area = simulation.areaUnderCurve(assessment.quality)
      #expect(area > 0.85, "\(type.name): \(area)")
      let flagged = assessment.isFlagged.indices.filter { assessment.isFlagged[$0] }
      let right = flagged.count { simulation.evidence.labels[$0] != simulation.truth[$0] }
      #expect(!flagged.isEmpty && flagged.count < simulation.evidence.count / 2, "\(type.name): \(flagged.count)")
      // One label in five is wrong: flags must be better than that by far, or they say nothing.
      #expect(Double(right) / Double(flagged.count) > 0.4, "\(type.name): \(right) of \(flagged.count)")
    }
  }

  @Test func `equal evidence gives equal assessments, and the labels' names do not matter`() throws {
    let evidence = SimulatedEvidence(count: 300, voted: 0).evidence
    for type in Auditors.all {
      let first = try type.init(AuditRecipe()).assess(evidence)
      let second = try type.init(AuditRecipe()).assess(evidence)
      #expect(first.quality == second.quality && first.suggested == second.suggested, "\(type.name)")
    }
  }

  @Test func `an auditor that needs more than probabilities says what it misses`() throws {
    let full = SimulatedEvidence(count: 60).evidence
    let bare = Evidence(
      samples: full.samples, classes: full.classes, labels: full.labels, heldOutBy: full.heldOutBy,
      probabilities: full.probabilities)
    for type in [AreaUnderMargin.self, DataMap.self, LossMixture.self, Neighbours.self, FlipConsistency.self]
      as [any Auditor.Type]
    {
      #expect(throws: AuditError.self) { try type.init(AuditRecipe()).assess(bare) }
    }
    for type in [Consensus.self, ConfidentLearningAudit.self] as [any Auditor.Type] {
      #expect(try type.init(AuditRecipe()).assess(bare).quality.count == 60)
    }
  }

  @Test func `names are unique and an unknown one lists them`() throws {
    #expect(Set(Auditors.all.map { $0.name }).count == Auditors.all.count)
    #expect(try Auditors.named("data-map").name == "data-map")
    #expect(throws: AuditError.unknownAuditor("magic", known: Auditors.all.map { $0.name })) {
      try Auditors.named("magic")
    }
    #expect(AuditError.unknownAuditor("magic", known: ["a", "b"]).description.contains("choose from a, b"))
  }

  @Test func `SCN's paper asks for low importance where its code does not`() throws {
    var recipe = AuditRecipe()
    let evidence = SimulatedEvidence(noise: 0.3).evidence
    recipe.selfCure.relabelScope = .lowImportance
    let paper = try SelfCureAudit(recipe).assess(evidence).isFlagged
    recipe.selfCure.relabelScope = .any
    let code = try SelfCureAudit(recipe).assess(evidence).isFlagged
    #expect(paper.count { $0 } < code.count { $0 })
    #expect(zip(paper, code).allSatisfy { !$0 || $1 })
  }

  @Test func `the margin's threshold is where 99 of 100 wrong labels end`() {
    let margins = (0...1000).map { Double($0) }.shuffledForTest()
    let none = [Double](repeating: 0, count: 1001)
    #expect(AreaUnderMargin.threshold(margins: margins, rightness: none) == 990)
    // Too few threshold samples say nothing.
    #expect(AreaUnderMargin.threshold(margins: [3, 4, 5], rightness: [0, 0, 0]) == 0)
  }

  @Test func `injected labels that may be right do not raise the margin's threshold`() {
    // One in twenty is right: networks learned it well.
    let isRight = (0..<200).map { $0 % 20 == 0 }
    let margins = isRight.enumerated().map { $1 ? 8.0 : -5 + Double($0) / 100 }
    let threshold = AreaUnderMargin.threshold(margins: margins, rightness: isRight.map { $0 ? 1 : 0 })
    #expect(threshold < 0 && threshold > -3.2)
    #expect(AreaUnderMargin.threshold(margins: margins, rightness: isRight.map { _ in 0 }) == 8)
  }

  /// Golden values: `tools/golden/auditing.py`, scikit-learn's GaussianMixture.
  @Test func `the mixture of two normal distributions is scikit-learn's`() throws {
    let golden = try AuditingGolden.load().mixture
    let mixture = NormalMixture(golden.values, iterations: 500, tolerance: 1e-12)
    #expect(largestDifference([mixture.means.0, mixture.means.1], golden.means) < 1e-4)
    #expect(largestDifference([mixture.variances.0, mixture.variances.1], golden.variances) < 1e-4)
    #expect(largestDifference([mixture.weights.0, mixture.weights.1], golden.weights) < 1e-4)
    #expect(largestDifference(golden.probes.map(mixture.probabilityOfFirst), golden.probabilities) < 1e-3)
  }

  /// Golden values: `tools/golden/auditing.py`, NumPy.
  @Test func `dynamics are summed epoch by epoch`() throws {
    let golden = try AuditingGolden.load().dynamics
    let count = golden.labels.count
    var accumulator = DynamicsAccumulator(labels: golden.labels, classes: golden.classes, epochs: golden.logits.count)
    for (epoch, logits) in golden.logits.enumerated() {
      accumulator.add(
        EpochRecording(logits: logits, importance: [], isSeen: [Bool](repeating: true, count: count)),
        epoch: epoch + 1)
    }
    let looks = [4, 5].map {
      PassRecording(
        logits: golden.logits[$0], flipped: golden.logits[$0 - 2], importance: [], features: [], likeness: [])
    }
    let dynamics = accumulator.finished(looks: looks, relabelEpochs: [Int](repeating: 0, count: count))
    #expect(largestDifference(dynamics.margin, golden.margin) < 1e-6)
    #expect(largestDifference(dynamics.confidence, golden.confidence) < 1e-6)
    #expect(largestDifference(dynamics.variability, golden.variability) < 1e-6)
    #expect(largestDifference(dynamics.correctness, golden.correctness) < 1e-12)
    #expect(largestDifference(dynamics.forgetting, golden.forgetting) < 1e-12)
    #expect(largestDifference(dynamics.probabilities, golden.probabilities) < 1e-6)
    for (row, label) in golden.labels.enumerated() {
      let course = dynamics.courseProbabilities[(row * golden.classes)..<((row + 1) * golden.classes)]
      #expect(abs(course[course.startIndex + label] - golden.confidence[row]) < 1e-6)
      #expect(abs(course.reduce(0, +) - 1) < 1e-6)
    }
    #expect(largestDifference(dynamics.loss, golden.loss) < 1e-5)
  }

  @Test func `a sample that was left out of an epoch counts for the others only`() {
    var accumulator = DynamicsAccumulator(labels: [0, 0], classes: 2, epochs: 2)
    accumulator.add(EpochRecording(logits: [2, 0, 9, 0], importance: [], isSeen: [true, false]), epoch: 1)
    accumulator.add(EpochRecording(logits: [4, 0, 1, 0], importance: [], isSeen: [true, true]), epoch: 2)
    let dynamics = accumulator.finished(looks: [], relabelEpochs: [0, 2])
    #expect(dynamics.margin == [3, 1])
    #expect(dynamics.relabelEpoch == [0, 2] && dynamics.relabelledShare == [0, 1])
  }

  @Test func `the nearest samples lend their labels, nearer ones more`() {
    let members: [Float] = [1, 0, 0.9, 0.1, 0, 1, -1, 0]
    let nearest = NearestLabels(features: members, labels: [0, 0, 1, 2], length: 2, classes: 3, neighbours: 3)
    let answer = nearest.answer([2, 0, 0, 5])
    let shares = answer.shares
    #expect(shares[0] > 0.99 && shares[2] == 0)
    #expect(shares[4] > 0.8, "\(shares)")
    #expect(answer.likeness[0] > answer.likeness[1])
    #expect(abs(shares[0..<3].reduce(0, +) - 1) < 1e-9)
    let voted = NearestLabels(
      features: members, labels: [0, 0, 1, 2], distributions: [0: [0, 0, 1], 1: [0, 0, 1]], length: 2, classes: 3,
      neighbours: 2)
    #expect(voted.answer([2, 0]).shares[2] > 0.99)
  }
}

extension Array {
  fileprivate func shuffledForTest() -> [Element] {
    var generator = SeededGenerator(seed: 3)
    return shuffled(using: &generator)
  }
}
