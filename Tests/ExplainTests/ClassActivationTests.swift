import NeuralNet
import TestSupport
import Testing

@testable import Explain

@Suite struct ClassActivationTests {
  private let picture = Golden.fill("activation.picture", count: 144, low: -1, high: 1)
  private var question: Question { Question(input: picture, target: Target(1)) }

  /// The tensors of a network with the channels of its second block in another order.
  private func reordered(_ tensors: [NamedTensor], _ order: [Int]) -> [NamedTensor] {
    tensors.map { tensor in
      var tensor = tensor
      let isOutput = tensor.name.hasPrefix("conv2") || (tensor.name.hasPrefix("bn2") && tensor.shape == [8])
      if isOutput {
        let length = tensor.values.count / 8
        tensor.values = order.flatMap { tensor.values[($0 * length)..<(($0 + 1) * length)] }
      } else if tensor.name == "fc.weight" {
        tensor.values = (0..<3).flatMap { c in order.map { tensor.values[c * 8 + $0] } }
      }
      return tensor
    }
  }

  /// The tensors with a channel of the second block that is 0.3 everywhere.
  private func flattened(_ tensors: [NamedTensor], channel: Int) -> [NamedTensor] {
    tensors.map { tensor in
      var tensor = tensor
      if tensor.name == "bn2.weight" { tensor.values[channel] = 0 }
      if tensor.name == "bn2.bias" { tensor.values[channel] = 0.3 }
      return tensor
    }
  }

  @Test func `behind global average pooling Grad-CAM is the class activation map`() throws {
    let probe = try TestProbes.convolutional()
    let map = try GradCAM(layer: "bn2").classMaps([question], of: probe)[0]
    let weight = try #require(try probe.exportTensors().first { $0.name == "fc.weight" }).values
    var maps: [Float] = []
    try probe.forward(
      1, exposing: ["bn2"], writing: { _ = $1.update(fromContentsOf: picture) },
      reading: { maps = Array($1.maps("bn2")) })
    var expected = [Float](repeating: 0, count: 36)
    for k in 0..<8 {
      for i in 0..<36 { expected[i] += weight[8 + k] / 36 * maps[k * 36 + i] }
    }
    #expect(distance(map.values, expected) < 1e-6)
    #expect(expected.contains { $0 < 0 })
    #expect(try GradCAM(layer: "bn2").explain([question], of: probe)[0].map.values.allSatisfy { $0 >= 0 })
  }

  @Test func `Score-CAM's weights are the softmax of the answers, the published code's the answers themselves`() {
    let weights = ScoreCAM(weighting: .increase).weights([1, 3, 2])
    #expect(abs(weights.reduce(0, +) - 1) < 1e-6)
    #expect(abs(weights[1] / weights[2] - 2.718_281_8) < 1e-5)
    #expect(distance(weights, ScoreCAM(weighting: .increase).weights([101, 103, 102])) < 1e-6)
    #expect(ScoreCAM(weighting: .confidence).weights([0.2, 0.7]) == [0.2, 0.7])
    #expect(ScoreCAM(weighting: .increase).weights([]).isEmpty)
  }

  @Test(arguments: [ScoreCAM.Weighting.increase, .confidence])
  func `Score-CAM does not depend on the order of the channels`(_ weighting: ScoreCAM.Weighting) throws {
    let tensors = try TestProbes.convolutional().exportTensors()
    let method = ScoreCAM(layer: "bn2", weighting: weighting)
    let map = try method.explain([question], of: TestProbes.convolutional(tensors: tensors))[0].map
    let other = try method.explain(
      [question], of: TestProbes.convolutional(tensors: reordered(tensors, [5, 2, 7, 0, 1, 6, 3, 4])))[0].map
    #expect(distance(map.values, other.values) < 1e-5 * (map.values.max() ?? 0))
    #expect((map.values.max() ?? 0) > 0)
  }

  @Test func `Score-CAM skips a channel that is the same everywhere`() throws {
    let tensors = try TestProbes.convolutional().exportTensors()
    let method = ScoreCAM(layer: "bn2")
    let whole = try method.explain([question], of: TestProbes.convolutional(tensors: tensors))[0]
    let flat = try method.explain(
      [question], of: TestProbes.convolutional(tensors: flattened(tensors, channel: 3)))[0]
    let masks = try #require(whole.measures["masks"])
    #expect(flat.measures["masks"] == masks - 1)
    #expect(flat.map.values.allSatisfy { $0.isFinite })
  }

  @Test func `a layer that is not there is an error that lists those with maps`() throws {
    let probe = try TestProbes.convolutional()
    let known = ["conv1", "bn1", "conv2", "bn2"]
    for method in [GradCAM(layer: "layer4") as any Explainer, ScoreCAM(layer: "layer4")] {
      #expect(throws: ExplainError.unknownLayer("layer4", known: known)) {
        try method.explain([question], of: probe)
      }
    }
    #expect(throws: ExplainError.unknownChannel(8, layer: "bn2", count: 8)) {
      try GradientAscent().climb([.channel(8, layer: "bn2")], in: probe)
    }
  }

  @Test func `integrated gradients of a network with ReLUs add up within one percent`() throws {
    let questions = (0..<3).map {
      Question(input: Golden.fill("picture \($0)", count: 144, low: -2, high: 2), target: Target($0))
    }
    let explanations = try IntegratedGradients().explain(questions, of: TestProbes.convolutional())
    for explanation in explanations { #expect(try #require(explanation.measures["gap"]) < 0.01) }
    // They are of 32 bits, and so is what they have to add up to, whatever other passes are.
    let rounded = try IntegratedGradients().explain(questions, of: TestProbes.convolutional(precision: .bfloat16))
    #expect(rounded == explanations)
  }

  @Test func `many pictures at once have the maps that each has alone`() throws {
    let probe = try TestProbes.convolutional()
    let questions = (0..<3).map {
      Question(input: Golden.fill("picture \($0)", count: 144, low: -2, high: 2), target: Target($0))
    }
    for method in Explainers.all(ExplainOptions(layer: "bn2", samples: 60, segments: 9)) {
      let together = try method.explain(questions, of: probe)
      for (question, explanation) in zip(questions, together) {
        let alone = try method.explain([question], of: probe)[0]
        let scale = explanation.map.values.reduce(1e-3) { max($0, abs($1)) }
        #expect(distance(alone.map.values, explanation.map.values) < 1e-3 * scale, "\(method.name)")
      }
    }
  }

  @Test func `maps of variants in 8 bits are those in 32, and depend on no other picture`() throws {
    let questions = (0..<3).map {
      Question(input: Golden.fill("picture \($0)", count: 576, low: -2, high: 2), target: Target($0))
    }
    let (exact, rounded) = (try TestProbes.residual(precision: .float32), try TestProbes.residual(precision: .int8))
    #expect(rounded.precision == Precision.auto.resolved && rounded.variantPrecision == Precision.int8.resolved)
    #expect(exact.variantPrecision == .float32)
    for method in [ScoreCAM(layer: "layer2") as any Explainer, LIME(samples: 200, segments: 16)] {
      let maps = try method.explain(questions, of: rounded).map(\.map)
      for (map, wanted) in zip(maps, try method.explain(questions, of: exact).map(\.map)) {
        let correlation = map.correlation(with: wanted)
        #expect(correlation > 0.99, "\(method.name): \(correlation)")
      }
      let alone = try method.explain([questions[2]], of: TestProbes.residual(precision: .int8))
      #expect(alone[0].map == maps[2], "\(method.name)")
    }
    // A batch that is not full holds what an earlier one left.
    let (few, loud) = (LIME(samples: 5, segments: 4), questions[0].input.map { $0 * 9 })
    let alone = try few.explain([questions[2]], of: TestProbes.residual(precision: .int8))
    _ = try LIME(samples: 8, segments: 4).explain([Question(input: loud, target: Target(0))], of: rounded)
    let after = try few.explain([questions[2]], of: rounded)
    #expect(after == alone)
  }

  @Test func `steps of integrated gradients that were cut in three are those of a finer sum`() throws {
    let questions = (0..<2).map {
      Question(input: Golden.fill("picture \($0)", count: 144, low: -2, high: 2), target: Target($0))
    }
    let probe = try TestProbes.convolutional()
    let cut = try IntegratedGradients(steps: 5, mostSteps: 45, tolerance: 0).explain(questions, of: probe)
    let fine = try IntegratedGradients(steps: 45, mostSteps: 45).explain(questions, of: probe)
    for (first, second) in zip(cut, fine) {
      #expect(first.measures["steps"] == 45)
      #expect(distance(first.map.values, second.map.values) < 1e-4)
    }
  }

  @Test func `climbing a channel raises its mean`() throws {
    let probe = try TestProbes.convolutional()
    let summits = try GradientAscent(steps: 40).climb(
      [.channel(0, layer: "conv1"), .channel(5, layer: "conv2"), .label(1)], in: probe)
    for summit in summits { #expect(summit.end > summit.start + 0.05) }
  }

  @Test func `a method that is not there is an error that lists those that are`() {
    let known = Explainers.catalogue.map(\.name)
    #expect(Set(known).count == known.count)
    #expect(throws: ExplainError.unknownMethod("grad-cam++", known: known)) { try Explainers.named(["grad-cam++"]) }
    #expect(
      ExplainError.unknownMethod("x", known: ["lime", "saliency"]).description
        == "no explainer is called x; there are lime, saliency")
  }
}
