import Curation
import Foundation
import Imaging
import NeuralNet
import Testing

@testable import Training

/// Training as a whole, on small pictures whose class can be seen.
@Suite(.serialized) struct TrainerTests {
  /// Bright discs in one of three places on noise.
  struct Discs: SampleSource {
    let count: Int
    var seed = 0

    func classes() throws -> [String] { ["left", "middle", "right"] }

    func samples() throws -> [Sample] {
      (0..<count).map { index in
        Sample(
          id: Int64(index), key: "\(index)", split: .train, label: ["left", "middle", "right"][index % 3], width: 24,
          height: 24, channels: 1, encoding: .gray8, pixelHash: "\(index)", source: 1)
      }
    }

    func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws {
      for sample in samples {
        let index = Int(sample.id)
        var image = Image(height: 24, width: 24, filledWith: 60)
        for i in image.pixels.indices {
          image.pixels[i] = UInt8(40 + (i &* 2_654_435_761 &+ (index + seed) &* 97) % 40)
        }
        let centre = 5 + 7 * (index % 3)
        for y in 9..<15 { for x in centre - 3..<centre + 3 { image[y, x] = 200 } }
        try body(sample, image)
      }
    }
  }

  private func recipe(epochs: Int) -> TrainingRecipe {
    var recipe = TrainingRecipe()
    recipe.model = "resnet10-mini"
    recipe.size = 24
    recipe.epochs = epochs
    recipe.batchSize = 16
    recipe.learningRate = 0.02
    recipe.augment = Compose([Translate(fractionRange: -0.05...0.05)])
    return recipe
  }

  static func set(_ count: Int, seed: Int = 0) throws -> (set: ImageSet, labels: [Int]) {
    let source = Discs(count: count, seed: seed)
    return (try ImageSet(source.samples(), from: source, channels: 1, size: 24), (0..<count).map { $0 % 3 })
  }

  @Test func `an epoch's record says what the network said before each step`() throws {
    let (training, labels) = try Self.set(40)
    var records: [EpochRecord] = []
    var trainer = Trainer(
      recipe: recipe(epochs: 2), classes: ["left", "middle", "right"], selfCure: SelfCureRecipe(), seed: 3)
    trainer.record = { records.append($0) }
    let recorded = try trainer.train(training, targets: TrainingTargets(labels: labels))
    #expect(records.map(\.epoch) == [1, 2])
    // Two batches of 16 of 40 samples.
    #expect(records.allSatisfy { $0.isSeen.count { $0 } == 32 && $0.logits.count == 120 })
    #expect(records[0].importance.indices.allSatisfy { (records[0].importance[$0] > 0) == records[0].isSeen[$0] })
    trainer.record = nil
    let plain = try trainer.train(training, targets: TrainingTargets(labels: labels))
    #expect(plain.model == recorded.model, "recording changes nothing")
  }

  @Test func `a network that knows how labels err learns what is shown`() throws {
    // Half of what is left or right is called middle.
    let (training, truth) = try Self.set(96)
    let labels = truth.enumerated().map { $0.offset % 2 == 0 ? 1 : $0.element }
    let transition: [[Float]] = [[0.5, 0.5, 0], [0, 1, 0], [0, 0.5, 0.5]]
    let validation = try Self.set(60, seed: 5)
    func accuracy(_ targets: TrainingTargets) throws -> Double {
      let outcome = try Trainer(recipe: recipe(epochs: 16), classes: ["left", "middle", "right"], seed: 3)
        .train(training, targets: targets)
      return Evaluation(
        probabilities: try Predictor(outcome.model).predict(validation.set, views: .one).probabilities,
        truth: validation.labels, classes: ["left", "middle", "right"]
      ).accuracy
    }
    let corrected = try accuracy(TrainingTargets(labels: labels, transition: transition))
    let plain = try accuracy(TrainingTargets(labels: labels))
    #expect(corrected > plain && corrected > 0.6, "\(corrected) with, \(plain) without")
  }

  @Test(arguments: [SelfCureRecipe?.none, SelfCureRecipe()])
  func `a network learns what can be seen, and its file predicts the same`(_ selfCure: SelfCureRecipe?) throws {
    let (training, labels) = try TrainerTests.set(96)
    let validation = try TrainerTests.set(30, seed: 5)
    let outcome = try Trainer(
      recipe: recipe(epochs: 14), classes: ["left", "middle", "right"], selfCure: selfCure, seed: 3
    ).train(training, targets: TrainingTargets(labels: labels), validation: validation)
    #expect(outcome.history.count == 14)
    #expect((outcome.history.last?.trainLoss ?? 9) < (outcome.history.first?.trainLoss ?? 0))
    let direct = try Predictor(outcome.model).predict(validation.set)
    let accuracy = Evaluation(
      probabilities: direct.probabilities, truth: validation.labels, classes: ["left", "middle", "right"]
    ).accuracy
    #expect(accuracy > 0.6, "accuracy \(accuracy)")
    #expect(direct.importance.isEmpty == (selfCure == nil))

    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try outcome.model.write(to: url)
    let read = try TrainedModel(contentsOf: url)
    #expect(read == outcome.model)
    #expect(try Predictor(read).predict(validation.set).probabilities == direct.probabilities)
  }

  @Test(arguments: [SelfCureRecipe?.none, SelfCureRecipe()])
  func `a resumed training gives exactly the network of an uninterrupted one`(_ selfCure: SelfCureRecipe?) throws {
    let (training, labels) = try TrainerTests.set(64)
    let targets = TrainingTargets(labels: labels)
    let validation = try TrainerTests.set(12, seed: 9)
    let classes = ["left", "middle", "right"]
    var selfCure = selfCure
    selfCure?.relabelFrom = 1
    let whole = try Trainer(recipe: recipe(epochs: 3), classes: classes, selfCure: selfCure, seed: 11)
      .train(training, targets: targets, validation: validation)

    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let interrupted = Trainer(
      recipe: recipe(epochs: 3), classes: classes, selfCure: selfCure, seed: 11, checkpoint: url
    ) { event in
      // The kill comes in the middle of the second epoch.
      if case .stepEnded(let step, _, _) = event, step == 6 { throw CancellationError() }
    }
    #expect(throws: CancellationError.self) {
      try interrupted.train(training, targets: targets, validation: validation)
    }
    let resumed = try Trainer(
      recipe: recipe(epochs: 3), classes: classes, selfCure: selfCure, seed: 11, checkpoint: url
    ).train(training, targets: targets, validation: validation)
    #expect(resumed.model == whole.model)
    #expect(resumed.relabelEpochs == whole.relabelEpochs)
    #expect(resumed.history.map(\.trainLoss) == whole.history.map(\.trainLoss))
  }

  @Test func `a checkpoint of another recipe is refused`() throws {
    let (training, labels) = try TrainerTests.set(48)
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let classes = ["left", "middle", "right"]
    _ = try Trainer(recipe: recipe(epochs: 1), classes: classes, seed: 1, checkpoint: url)
      .train(training, targets: TrainingTargets(labels: labels))
    #expect(throws: TrainingError.otherRecipe(url.path(percentEncoded: false))) {
      try Trainer(recipe: recipe(epochs: 2), classes: classes, seed: 1, checkpoint: url)
        .train(training, targets: TrainingTargets(labels: labels))
    }
  }

  @Test func `too few samples and none at all are errors that say so`() throws {
    let (training, labels) = try TrainerTests.set(10)
    let trainer = Trainer(recipe: recipe(epochs: 1), classes: ["left", "middle", "right"], seed: 1)
    #expect(throws: TrainingError.tooFewSamples(count: 10, batch: 16)) {
      try trainer.train(training, targets: TrainingTargets(labels: labels))
    }
    #expect(throws: TrainingError.noSamples("the training split is empty")) {
      try trainer.train(training.subset([]), targets: TrainingTargets(labels: []))
    }
  }

  @Test func `weights that the last step made no numbers are an error, not a model`() throws {
    let (training, labels) = try TrainerTests.set(32)
    var wild = recipe(epochs: 1)
    (wild.steps, wild.learningRate, wild.optimizer, wild.schedule) = (1, .greatestFiniteMagnitude, "sgd", "constant")
    wild.weightDecay = 10
    #expect(throws: TrainingError.diverged(epoch: 1, step: 1)) {
      try Trainer(recipe: wild, classes: ["left", "middle", "right"], seed: 1)
        .train(training, targets: TrainingTargets(labels: labels))
    }
  }

  @Test func `a budget in steps is kept whatever the size of the set`() throws {
    var budget = recipe(epochs: 1)
    budget.steps = 7
    for count in [32, 80] {
      let (training, labels) = try TrainerTests.set(count)
      var steps = 0
      _ = try Trainer(recipe: budget, classes: ["left", "middle", "right"], seed: 1) { event in
        if case .stepEnded = event { steps += 1 }
      }.train(training, targets: TrainingTargets(labels: labels))
      #expect(steps == 7)
    }
  }
}
