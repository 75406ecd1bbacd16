import Testing
import Training

@testable import Auditing

@Suite struct LaboratoryTests {
  @Test(arguments: [0.1, 0.2, 0.3])
  func `as many labels are wrong as the rate says, and the seed decides which`(rate: Double) {
    let labels = (0..<1000).map { $0 % 7 }
    for noise in [LabelNoise.uniform, .confusion(LabelNoise.taggers)] {
      let noisy = noise.applied(to: labels, classes: 7, rate: rate, seed: 1)
      #expect(zip(labels, noisy).count { $0 != $1 } == Int(rate * 1000))
      #expect(noisy == noise.applied(to: labels, classes: 7, rate: rate, seed: 1))
      #expect(noisy != noise.applied(to: labels, classes: 7, rate: rate, seed: 2))
    }
  }

  @Test func `taggers confuse neutral with sad more than with happy, and never fear with sad's double`() {
    let neutral = LabelNoise.taggerClasses.firstIndex(of: "neutral") ?? 0
    let sad = LabelNoise.taggerClasses.firstIndex(of: "sad") ?? 0
    let happy = LabelNoise.taggerClasses.firstIndex(of: "happy") ?? 0
    let noisy = LabelNoise.confusion(LabelNoise.taggers)
      .applied(to: [Int](repeating: neutral, count: 2000), classes: 7, rate: 0.5, seed: 3)
    #expect(noisy.count { $0 == sad } > 4 * noisy.count { $0 == happy })
  }

  @Test func `instance noise falls on the faces that networks are least sure of`() {
    var probabilities: [Double] = []
    for index in 0..<100 { probabilities += index < 50 ? [0.9, 0.05, 0.05] : [0.4, 0.35, 0.25] }
    let noisy = LabelNoise.instance(probabilities)
      .applied(to: [Int](repeating: 0, count: 100), classes: 3, rate: 0.3, seed: 1)
    #expect(noisy[..<50].allSatisfy { $0 == 0 })
    #expect(noisy[50...].count { $0 == 1 } == 30)
  }

  @Test func `outcomes count what was found and what was mended`() throws {
    let simulation = SimulatedEvidence(noise: 0.2)
    let outcomes = try NoiseLaboratory.compare(simulation.evidence, truth: simulation.truth, recipe: AuditRecipe())
    #expect(outcomes.count == Auditors.all.count + 1)
    let wrong = zip(simulation.truth, simulation.evidence.labels).count { $0 != $1 }
    for outcome in outcomes {
      #expect(outcome.flipped == wrong)
      #expect(outcome.corrected <= outcome.found && outcome.found <= outcome.flagged)
    }
    let consensus = try #require(outcomes.first { $0.auditor == "consensus" })
    let published = try #require(outcomes.first { $0.auditor == "self-cure, published rule" })
    #expect(consensus.f1 > published.f1, "\(consensus.f1) \(published.f1)")
    #expect(consensus.relabelAccuracy > 0.7, "\(consensus.relabelAccuracy)")
  }

  @Test func `replayed relabelling follows scope, margin and first epoch`() {
    // Two samples labelled 0; the network says 1 about both, and holds the first for unimportant.
    let recording = EpochRecording(logits: [0, 4, 0, 4], importance: [0.3, 0.9], isSeen: [true, true])
    func labels(_ scope: SelfCureRecipe.RelabelScope, margin: Double, from: Int) -> [Int] {
      var replay = RelabelStudy.Replay(
        setting: RelabelStudy.Setting(ratio: 0.5, margin: margin, from: from, scope: scope), labels: [0, 0])
      replay.observe(recording, epoch: 3, classes: 2)
      return replay.labels
    }
    #expect(labels(.any, margin: 0.2, from: 3) == [1, 1])
    #expect(labels(.lowImportance, margin: 0.2, from: 3) == [1, 0])
    #expect(labels(.any, margin: 0.2, from: 4) == [0, 0])
    // tanh(alpha gap / 2): 0.54 for the first, 0.95 for the second.
    #expect(labels(.any, margin: 0.6, from: 3) == [0, 1])
  }

  @Test func `a budget buys epochs first, then a smaller network, then fewer folds`() throws {
    var recipe = AuditRecipe()
    recipe.folds = 3
    recipe.train.batchSize = 64
    recipe.train.epochs = 12
    recipe.selfCure.relabelFrom = 7
    let budget = AuditBudget(stepSeconds: [("large", 0.1), ("small", 0.01)], training: 6400, samples: 8000)
    let generous = try budget.plan(recipe, minutes: 60)
    #expect(generous.train.model == "large" && generous.train.epochs == AuditBudget.mostEpochs)
    #expect(generous.selfCure.relabelFrom == 16)
    let modest = try budget.plan(recipe, minutes: 5)
    #expect(modest.train.model == "large" && modest.train.epochs < 30 && modest.folds == 3)
    #expect(
      budget.seconds(folds: 3, epochs: modest.train.epochs, step: 0.1, batch: 64) <= 300)
    let small = try budget.plan(recipe, minutes: 1)
    #expect(small.train.model == "small" && small.folds == 3)
    #expect(throws: AuditError.self) { try budget.plan(recipe, minutes: 0.01) }
  }
}
