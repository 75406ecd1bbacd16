import NeuralNet
import Randomness
import TestSupport
import Testing
import Training

@testable import Explain

@Suite struct FaithfulnessTests {
  private let size = 12
  private let picture = [Float](repeating: 1, count: 144)

  /// A network for which only the left half speaks for class 1.
  private func probe() throws -> Probe {
    let weights = (0..<3).flatMap { c in
      (0..<144).map { i -> Float in c == 1 && i % 12 < 6 ? 0.1 : 0 }
    }
    return try TestProbes.linear(size: size, weights: weights)
  }

  private func map(_ value: (Int) -> Float) -> HeatMap {
    HeatMap(height: 12, width: 12, values: (0..<144).map(value))
  }

  @Test func `a map that knows what counts beats chance, and chance beats one that is wrong`() throws {
    let question = Question(input: picture, target: Target(1))
    let measure = Faithfulness()
    func scores(_ map: HeatMap) throws -> Faithfulness.Scores {
      try measure.scores([question], maps: [map], in: probe())
    }
    let right = try scores(map { $0 % 12 < 6 ? 1 : 0 })
    let chance = try scores(measure.chance(height: 12, width: 12))
    let wrong = try scores(map { $0 % 12 < 6 ? 0 : 1 })
    #expect(right.deletion < chance.deletion && chance.deletion < wrong.deletion)
  }

  @Test func `a curve starts with the whole picture and ends with the blank one`() throws {
    let question = Question(input: picture, target: Target(1))
    let scores = try Faithfulness(points: 4).scores([question], maps: [map { Float($0) }], in: probe())
    let logits = try probe().logits(of: [picture, [Float](repeating: 0, count: 144)])
    #expect(abs(scores.deletionCurve[0] - Double(question.target.confidence(logits[0]))) < 1e-5)
    #expect(abs(scores.deletionCurve[4] - Double(question.target.confidence(logits[1]))) < 1e-5)
    #expect(abs(scores.insertionCurve[4] - scores.deletionCurve[0]) < 1e-5)
    #expect(scores.deletionCurve.count == 5)
  }

  @Test func `the area under a curve is that of its trapezoids`() {
    #expect(Faithfulness.area([1, 0]) == 0.5)
    #expect(Faithfulness.area([1, 1, 0]) == 0.75)
  }

  @Test func `missing pixels of a plane are found again, and known ones stay`() {
    let values = (0..<144).map { i -> Float in
      let (y, x) = (Float(i / 12), Float(i % 12))
      return 0.1 * y + 0.05 * x
    }
    var missing = [Bool](repeating: false, count: 144)
    for i in [27, 28, 29, 40, 41, 66, 90, 91] { missing[i] = true }
    var generator = SeededGenerator(seed: 1)
    let filled = NoisyImputation(noise: 0, sweeps: 300).filled(
      values, missing: missing, height: 12, width: 12, using: &generator)
    #expect(distance(filled, values) < 1e-3)
    for i in 0..<144 where !missing[i] { #expect(filled[i] == values[i]) }
  }

  @Test func `the parts of a network are randomised from its head down`() {
    let resnet = [
      "conv1.weight", "bn1.weight", "layer1.0.conv1.weight", "layer2.0.conv1.weight", "fc.weight", "fc.bias",
    ]
    #expect(RandomisationCheck.parts(of: resnet) == ["fc", "layer2", "layer1", "bn1", "conv1"])
    let vgg = ["features.0.weight", "features.1.weight", "fc.weight", "importance.weight"]
    #expect(RandomisationCheck.parts(of: vgg) == ["fc", "importance", "features.1", "features.0"])
  }

  @Test func `saliency of a randomised network is another, and the weights come back`() throws {
    let card = TrainedModel.Card(
      model: "resnet10-mini", classes: ["a", "b", "c"], size: 24, channels: 1, activation: .relu, hasImportance: false,
      mean: 0.5, deviation: 0.25, epoch: 1, version: "0")
    let untrained = TrainedModel(card: card, tensors: [])
    let model = TrainedModel(card: card, tensors: try untrained.untrainedTensors(seed: 1))
    let probe = try Probe(model, batch: 8)
    let questions = [Question(input: Golden.fill("randomised", count: 576, low: -1, high: 1), target: Target(1))]
    let before = try Saliency().explain(questions, of: probe)
    let check = try RandomisationCheck(model, seed: 2)
    let result = try check.results([Saliency()], questions, in: probe)[0]
    #expect(check.steps.first == "fc" && check.steps.last == "conv1")
    #expect(result.correlations.count == check.steps.count)
    #expect(try #require(result.correlations.last) < 0.5)
    #expect(try Saliency().explain(questions, of: probe) == before)
    // With the same seed nothing changes.
    let same = try RandomisationCheck(model, seed: 1).results([Saliency()], questions, in: probe)[0]
    #expect(same.correlations.allSatisfy { $0 > 0.999 })
  }
}
