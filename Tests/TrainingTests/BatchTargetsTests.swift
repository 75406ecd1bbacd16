import NeuralNet
import Randomness
import Testing

@testable import Training

/// What the loss of a batch compares with.
@Suite struct BatchTargetsTests {
  /// Ten samples, of which six are of the first class and one of the last.
  private let labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2]

  private func session(
    distributions: [Int: [Float]] = [:], _ change: (inout TrainingRecipe) -> Void
  ) throws -> TrainingSession {
    let set = try TrainerTests.set(10).set
    var recipe = TrainingRecipe()
    (recipe.model, recipe.size, recipe.batchSize) = ("resnet10-mini", 24, 4)
    change(&recipe)
    return try TrainingSession(
      Trainer(recipe: recipe, classes: ["a", "b", "c"], seed: 1), set: set,
      targets: TrainingTargets(labels: labels, distributions: distributions), validation: nil, steps: 2,
      stepsPerEpoch: 2)
  }

  private func expect(_ values: [Float], _ wanted: [Float]) {
    #expect(values.count == wanted.count)
    for (a, b) in zip(values, wanted) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func `labels are smoothed, votes stand as they are`() throws {
    let session = try session(distributions: [6: [0.2, 0.7, 0.1]]) { $0.labelSmoothing = 0.3 }
    let targets = session.batchTargets([0, 9, 6, 7], mixUp: nil, step: 0)
    expect(targets.values, [0.8, 0.1, 0.1, 0.1, 0.1, 0.8, 0.2, 0.7, 0.1, 0.1, 0.8, 0.1])
    #expect(targets.wanted == [0, 2, 1, 1])
  }

  @Test func `class weights count as PyTorch counts them: over the weights of the batch's labels`() throws {
    let session = try session { $0.classWeights = "inverse" }
    // Inverse counts 1/6, 1/3, 1, so 1 : 2 : 6; the batch's weights 1, 1, 2, 6 have the mean 2.5.
    let targets = session.batchTargets([0, 1, 6, 9], mixUp: nil, step: 0)
    expect(targets.values, [0.4, 0, 0, 0.4, 0, 0, 0, 0.8, 0, 0, 0, 2.4])
    #expect(targets.wanted == [0, 0, 1, 2])
  }

  @Test func `a rare class in a distribution counts for its share alone`() throws {
    let session = try session(distributions: [0: [0.5, 0, 0.5]]) { $0.classWeights = "inverse" }
    // Row weights 1/2 + 6/2, 1, 1, 1 in units of the first class's: the mean is 6.5 / 4.
    let scale: Float = 4 / 6.5
    let targets = session.batchTargets([0, 1, 2, 3], mixUp: nil, step: 0)
    expect(
      targets.values, [0.5 * scale, 0, 3 * scale, scale, 0, 0, scale, 0, 0, scale, 0, 0])
    #expect(targets.wanted[0] == 0, "weights do not change what is right")
  }

  @Test func `mixing keeps the sum, and a row wants the class with the larger share`() throws {
    let session = try session { _ in }
    var generator = SeededGenerator(seed: 5)
    let mixUp = MixUp(alpha: 1, count: 4, using: &generator)
    let targets = session.batchTargets([0, 6, 9, 1], mixUp: mixUp, step: 0)
    let plain = session.batchTargets([0, 6, 9, 1], mixUp: nil, step: 0).values
    expect(targets.values, mixUp.mixed(plain))
    #expect(abs(targets.values.reduce(0, +) - 4) < 1e-5)
  }

  @Test func `lambda rises over the share of the training that the recipe gives`() throws {
    func added(rampUp: Double, step: Int) throws -> [Float] {
      let session = try session { ($0.earlyLearning, $0.earlyLearningRampUp) = (3, rampUp) }
      var generator = SeededGenerator(seed: 2)
      for i in session.network.input.indices { session.network.input[i] = Float(generator.normal()) }
      try session.network.forward(dropoutKey: 1)
      let labels: [Float] = [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]
      return zip(session.batchTargets([0, 1, 6, 9], mixUp: nil, step: step).values, labels).map { $0 - $1 }
    }
    let whole = try added(rampUp: 0, step: 0)
    #expect(whole.contains { abs($0) > 1e-3 })
    for (rampUp, step, share) in [(1.0, 0, 0.006738), (1, 1, 0.286505), (0.5, 1, 1)] as [(Double, Int, Float)] {
      for (value, all) in zip(try added(rampUp: rampUp, step: step), whole) {
        #expect(abs(value - share * all) < 1e-5, "\(rampUp) of two steps, step \(step)")
      }
    }
  }

  @Test func `the cross-entropy of weighted targets is PyTorch's`() throws {
    // torch.nn.functional.cross_entropy(z, y, weight=(1/3, 2/3, 2), label_smoothing=0.1) of these rows, in float64.
    let session = try session { ($0.classWeights, $0.labelSmoothing) = ("inverse", 0.1) }
    var logits: [Float] = [0.5, -1, 2, 1, 1, -1, 0, 0.25, -0.5, -2, 0.5, 1]
    var gradient = [Float](repeating: 0, count: 12)
    let targets = session.batchTargets([0, 1, 6, 9], mixUp: nil, step: 0).values
    let loss = logits.withUnsafeMutableBufferPointer { z in
      gradient.withUnsafeMutableBufferPointer { g in
        SoftmaxCrossEntropy.lossAndGradient(logits: z, targets: targets, classes: 3, gradient: g)
      }
    }
    #expect(abs(loss - 0.8072) < 1e-4)
  }
}
