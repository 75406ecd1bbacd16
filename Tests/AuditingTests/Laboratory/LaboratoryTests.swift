import Curation
import NeuralNet
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
    // The networks of the simulation are as sure as they may be: there the largest class is as good a judge.
    #expect(consensus.f1 > 0.99 * published.f1, "\(consensus.f1) \(published.f1)")
    #expect(consensus.precision > 0.85, "\(consensus.precision)")
    #expect(consensus.area > published.area, "\(consensus.area) \(published.area)")
    #expect(consensus.relabelAccuracy > 0.7, "\(consensus.relabelAccuracy)")
    #expect(abs(consensus.relabelPrecision * Double(consensus.flagged) - Double(consensus.corrected)) < 1e-9)
    #expect(consensus.relabelPrecision > 0.8, "\(consensus.relabelPrecision)")
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

  @Test func `the settings that networks learn from are the recipe's own and others from few changes to many`() {
    func outcome(_ changed: Int, margin: Double) -> RelabelStudy.Outcome {
      var outcome = RelabelStudy.Outcome(
        setting: .init(ratio: 0.7, margin: margin, from: 7, scope: .any), changed: changed, judged: 0, right: 0,
        harmful: 0)
      for sample in 0..<changed { outcome.labels[Int64(sample)] = 1 }
      return outcome
    }
    let own = outcome(50, margin: 0.2)
    let all =
      [own, outcome(50, margin: 0.21), outcome(0, margin: 0.9)]
      + [10, 20, 40, 60, 80, 110].enumerated().map { outcome($1, margin: Double($0) / 10) }
    func changes(_ count: Int) -> [Int] { RelabelStudy.spread(all, count: count).map(\.changed) }
    #expect(changes(0) == [])
    #expect(changes(1) == [50])
    #expect(changes(2) == [10, 50])
    #expect(changes(4) == [10, 50, 60, 110])
    #expect(changes(99) == [10, 20, 40, 50, 60, 80, 110])
    #expect(RelabelStudy.spread([], count: 3).isEmpty)
  }

  @Test func `suggestions are followed by leaving out, by another label or by a distribution`() {
    let samples = (1...3).map { id in
      Sample(
        id: Int64(id), key: "\(id)", split: .train, label: "a", width: 1, height: 1, channels: 1, encoding: .gray8,
        pixelHash: "\(id)", source: 1)
    }
    func suggestion(_ sample: Int64, _ to: String?) -> Suggestion {
      Suggestion(
        sample: sample, from: "a", to: to, confidence: 0.6, verdict: .wrong, signals: Signals(probabilities: []))
    }
    let scores = [
      Int64(2): Score(
        sample: 2, label: "a", quality: 0.3, verdict: .wrong, signals: Signals(probabilities: [0.3, 0.5, 0.2]))
    ]
    let accepted = [Int64(2): suggestion(2, "b"), 3: suggestion(3, nil)]
    func targets(_ way: CuredTargets) -> (members: [Int], targets: TrainingTargets) {
      way.targets(samples, classes: ["a", "b", "c"], accepted: accepted, scores: scores)
    }
    #expect(targets(.raw).members == [0, 1, 2])
    #expect(targets(.pruned).members == [0])
    #expect(targets(.relabelled).members == [0, 1] && targets(.relabelled).targets.labels == [0, 1])
    let soft = targets(.soft).targets
    #expect(soft.labels == [0, 0] && soft.distributions.count == 1)
    #expect(zip(soft.distributions[1] ?? [], [0.3, 0.6, 0.1] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `the mean of three runs has Student's interval`() {
    let interval = MeanInterval([0.70, 0.72, 0.74])
    #expect(abs(interval.mean - 0.72) < 1e-12 && abs(interval.half - 4.303 * 0.02 / 3.0.squareRoot()) < 1e-9)
    #expect(MeanInterval([0.5]).half.isInfinite)
    let eleven = MeanInterval((0..<11).map(Double.init))
    #expect(abs(eleven.half - 2.228) < 1e-9, "the deviation is the square root of the number of runs")
  }

  @Test func `pictures too small for the network are an error before anything is timed`() {
    var recipe = AuditRecipe()
    (recipe.train.model, recipe.smallModel, recipe.train.size) = ("vgg13", "none", 24)
    #expect(throws: NeuralNetError.inputTooSmall(architecture: "vgg13", size: 24, minimum: 32)) {
      try AuditBudget.measure(recipe, EvidenceRecorderTests.Squares(count: 60), votes: [:])
    }
  }

  private var budgeted: AuditRecipe {
    var recipe = AuditRecipe()
    recipe.folds = 3
    (recipe.train.model, recipe.train.batchSize, recipe.train.epochs) = ("resnet18-half", 64, 12)
    (recipe.foldModel, recipe.foldEpochs) = (AuditBudget.fastModel, 10)
    recipe.selfCure.relabelFrom = 7
    recipe.fewestSteps = 0
    return recipe
  }

  private func budget(taughtByVotes: Bool = false) -> AuditBudget {
    AuditBudget(
      stepSeconds: ["resnet18-half": 0.1, AuditBudget.fastModel: 0.01], training: 6400, samples: 8000,
      taughtByVotes: taughtByVotes)
  }

  @Test func `a budget counts the steps and looks of all networks`() throws {
    var recipe = budgeted
    recipe.averagedEpochs = 1
    // 1,200 steps of 0.1 s and looks at 1,600 + 6,400 x 2 pictures; three times 660 of 0.01 s and (2,133 + 1,600) x 2 + 4,267.
    let fold = 660 + ((6400 / 3.0 + 1600) * 2 + 12_800 / 3.0) / 192
    let expected = (1200 + 14_400 / 192.0) * 0.1 + 3 * fold * 0.01
    #expect(abs(budget().seconds(recipe) - expected * AuditBudget.overhead) < 0.1)
    #expect(abs(budget(taughtByVotes: true).seconds(recipe) - 3 * fold * 0.1 * AuditBudget.overhead) < 0.1)
    let few = budget().seconds(recipe)
    recipe.averagedEpochs = 12
    #expect(budget().seconds(recipe) > few * 1.1)
  }

  @Test func `on few samples a budget's bounds are as many steps as on many`() throws {
    var recipe = budgeted
    // 1,200 steps in 12 epochs: 30 make as many.
    recipe.fewestSteps = 3000
    let generous = try budget().plan(recipe, minutes: 200)
    #expect(generous.train.epochs == AuditBudget.mostEpochs * 30 / 12 && generous.fewestSteps == 0)
    let modest = try budget().plan(recipe, minutes: 5)
    #expect(modest.train.model == AuditBudget.fastModel, "45 epochs of the large network would not fit")
  }

  @Test func `a budget buys epochs first, then a smaller network, then fewer folds`() throws {
    let generous = try budget().plan(budgeted, minutes: 60)
    #expect(generous.train.model == "resnet18-half" && generous.train.epochs == AuditBudget.mostEpochs)
    #expect(generous.foldEpochs == 10)
    #expect(generous.selfCure.relabelFrom == 31)
    let modest = try budget().plan(budgeted, minutes: 5)
    #expect(modest.train.model == "resnet18-half" && modest.train.epochs < 30 && modest.folds == 3)
    #expect(budget().seconds(modest) <= 300)
    // Ten epochs of the large network would fit.
    let many = try budget().plan(budgeted, minutes: 3)
    #expect(many.train.model == AuditBudget.fastModel && many.train.epochs == AuditBudget.mostSmallEpochs)
    #expect(many.foldEpochs == 10)
    let few = try budget(taughtByVotes: true).plan(budgeted, minutes: 6.5)
    #expect(few.train.model == "resnet18-half" && (12..<18).contains(few.foldEpochs))
    var own = budgeted
    own.train.model = AuditBudget.fastModel
    #expect(try budget().plan(own, minutes: 0.7).train.epochs < 18)
    let small = try budget().plan(budgeted, minutes: 1)
    #expect(small.train.model == AuditBudget.fastModel && small.folds == 3)
    #expect(small.foldEpochs == max(AuditBudget.fewestEpochs, small.train.epochs / 4))
    let fewer = try budget().plan(budgeted, minutes: 0.4)
    #expect(fewer.folds == 2)
    #expect(throws: AuditError.self) { try budget().plan(budgeted, minutes: 0.01) }
    let taught = try budget(taughtByVotes: true).plan(budgeted, minutes: 10)
    #expect(taught.train.model == "resnet18-half" && taught.foldEpochs == taught.train.epochs && taught.foldEpochs > 10)
  }
}
