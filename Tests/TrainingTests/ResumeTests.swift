import Curation
import Foundation
import Imaging
import NeuralNet
import Testing

@testable import Training

/// The same recipe gives the same bits, stopped or not, whatever the recipe asks for.
@Suite(.serialized) struct ResumeTests {
  struct Variant: CustomTestStringConvertible {
    let name: String
    var selfCure: SelfCureRecipe?
    /// The steps after which the training is killed, one kill a run.
    var kills = [2, 6]
    let change: @Sendable (inout TrainingRecipe) -> Void
    var testDescription: String { name }
  }

  static let variants: [Variant] = [
    Variant(name: "adam, one-cycle") { ($0.optimizer, $0.schedule) = ("adam", "one-cycle") },
    Variant(name: "adamw, warm-up, weighted classes", kills: [1, 5, 9, 11]) {
      ($0.optimizer, $0.warmupEpochs, $0.classWeights) = ("adamw", 1.5, "effective-number")
    },
    Variant(name: "sam over nesterov, average") { ($0.optimizer, $0.averageDecay) = ("sam", 0.9) },
    Variant(name: "asam over adam, mixed", kills: [4, 8]) {
      ($0.optimizer, $0.baseOptimizer, $0.mixUp) = ("asam", "adam", 0.4)
    },
    Variant(name: "sgd, plateau, average", kills: [5, 10]) {
      ($0.optimizer, $0.schedule, $0.plateauPatience, $0.stepFactor) = ("sgd", "plateau", 0, 0.5)
      ($0.averageDecay, $0.labelSmoothing) = (0.8, 0.1)
    },
    Variant(name: "sam, self-cure", selfCure: eager) { ($0.optimizer, $0.attention) = ("sam", .eca) },
    Variant(name: "sam, self-cure, held to early learning", selfCure: eager) {
      ($0.earlyLearning, $0.earlyLearningRampUp, $0.optimizer) = (3, 0.8, "sam")
    },
    Variant(name: "early stopping, nll", kills: [6]) {
      ($0.patience, $0.loss, $0.learningRate) = (1, "nll", 1e-6)
    },
    Variant(name: "bfloat16, steps", kills: [3, 7]) {
      ($0.precision, $0.steps, $0.optimizer) = (.bfloat16, 10, "sam")
    },
  ]

  private static var eager: SelfCureRecipe {
    var recipe = SelfCureRecipe()
    (recipe.relabelFrom, recipe.relabelMargin) = (1, 0)
    return recipe
  }

  private let classes = ["left", "middle", "right"]

  private func trainer(_ variant: Variant, checkpoint: URL? = nil, killedAfter: Int? = nil) -> Trainer {
    var recipe = TrainingRecipe()
    recipe.model = "resnet10-mini"
    recipe.size = 24
    recipe.epochs = 3
    recipe.batchSize = 16
    recipe.augment = Compose([Translate(fractionRange: -0.05...0.05)])
    variant.change(&recipe)
    return Trainer(recipe: recipe, classes: classes, selfCure: variant.selfCure, seed: 11, checkpoint: checkpoint) {
      if case .stepEnded(let step, _, _) = $0, step == killedAfter { throw CancellationError() }
    }
  }

  @Test(arguments: variants)
  func `a training killed again and again ends with the weights of one that was left alone`(_ variant: Variant) throws {
    let (training, labels) = try TrainerTests.set(64)
    let targets = TrainingTargets(labels: labels, distributions: [3: [0.5, 0.25, 0.25], 7: [0, 0.4, 0.6]])
    let validation = try TrainerTests.set(12, seed: 9)
    let whole = try trainer(variant).train(training, targets: targets, validation: validation)

    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    for step in variant.kills {
      #expect(throws: CancellationError.self) {
        try trainer(variant, checkpoint: url, killedAfter: step)
          .train(training, targets: targets, validation: validation)
      }
    }
    let resumed = try trainer(variant, checkpoint: url).train(training, targets: targets, validation: validation)
    #expect(resumed.model == whole.model)
    #expect(resumed.relabelEpochs == whole.relabelEpochs)
    #expect(resumed.history.map(\.trainLoss) == whole.history.map(\.trainLoss))
    #expect(resumed.stoppedEarly == whole.stoppedEarly)
    if variant.selfCure != nil { #expect(whole.relabelEpochs.contains { $0 > 0 }, "something was relabelled") }
    if variant.name.hasPrefix("early") { #expect(whole.stoppedEarly && whole.history.count < 3) }
  }

  @Test func `other pictures, other validation or other classes are another training`() throws {
    let (training, labels) = try TrainerTests.set(48)
    let targets = TrainingTargets(labels: labels)
    let validation = try TrainerTests.set(12, seed: 9)
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let trainer = trainer(ResumeTests.variants[0], checkpoint: url)
    _ = try trainer.train(training, targets: targets, validation: validation)
    let refusal = TrainingError.otherRecipe(url.path(percentEncoded: false))
    // The same ids and labels, but a picture was drawn anew.
    var changed = training.samples
    changed[3].pixelHash = "another"
    let redrawn = try ImageSet(changed, from: TrainerTests.Discs(count: 48), channels: 1, size: 24)
    #expect(throws: refusal) { try trainer.train(redrawn, targets: targets, validation: validation) }
    let relabelled = (set: validation.set, labels: validation.labels.map { ($0 + 1) % 3 })
    #expect(throws: refusal) { try trainer.train(training, targets: targets, validation: relabelled) }
    #expect(throws: refusal) { try trainer.train(training, targets: targets) }
    var renamed = trainer
    renamed.classes[0] = "leftmost"
    #expect(throws: refusal) { try renamed.train(training, targets: targets, validation: validation) }
  }

  @Test func `another network of the same name is another training`() throws {
    let (training, labels) = try TrainerTests.set(48)
    func fingerprint(_ model: String) throws -> String {
      let trainer = trainer(ResumeTests.variants[0])
      var recipe = trainer.recipe
      recipe.model = model
      return try TrainingSession.fingerprint(
        trainer, network: recipe.network(inputChannels: 1, classes: 3, hasImportance: false, seed: 1), set: training,
        targets: TrainingTargets(labels: labels), validation: nil)
    }
    #expect(try fingerprint("resnet10-mini") == fingerprint("resnet10-mini"))
    #expect(try fingerprint("resnet10-mini") != fingerprint("vgg-micro"))
  }

  @Test func `a checkpoint of another recipe is overwritten where that is allowed`() throws {
    let (training, labels) = try TrainerTests.set(48)
    let targets = TrainingTargets(labels: labels)
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    _ = try trainer(ResumeTests.variants[0], checkpoint: url).train(training, targets: targets)
    var other = trainer(ResumeTests.variants[1], checkpoint: url)
    other.replacesOtherCheckpoints = true
    let fresh = try trainer(ResumeTests.variants[1]).train(training, targets: targets)
    #expect(try other.train(training, targets: targets).model == fresh.model)
    try Data("no checkpoint".utf8).write(to: url)
    #expect(try other.train(training, targets: targets).model == fresh.model)
  }
}
