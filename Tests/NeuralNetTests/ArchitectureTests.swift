import TestSupport
import Testing

@testable import NeuralNet

@Suite struct ArchitectureTests {
  @Test(arguments: Architecture.all.map(\.name), [Activation.relu, .mish])
  func `every architecture gives finite outputs and a gradient for every parameter`(
    _ name: String, _ activation: Activation
  ) throws {
    let model = try Architecture.named(name).model(
      size: 48, inputChannels: 1, classes: 7, activation: activation, dropout: 0.2, hasImportance: true,
      exposesFeatures: true)
    let network = try Network(
      model, inputShape: [2, 1, 48, 48], mode: .training, gradients: .parameters, seed: 5)
    network.input.fill(with: Golden.fill("x", count: 2 * 48 * 48, low: -1, high: 1))
    try network.forward(dropoutKey: 1)
    #expect(network.outputShape("logits") == [2, 7])
    #expect(network.outputShape("importance") == [2, 1])
    #expect(network.output("logits").allSatisfy { $0.isFinite })
    network.outputGradient("logits").fill(with: Golden.fill("dy", count: 14, low: -1, high: 1))
    network.outputGradient("importance").fill(with: [0.5, -0.25])
    network.outputGradient("features").update(repeating: 0)
    try network.backward()
    for parameter in network.parameters {
      let values = try network.exportGradient(of: parameter).values
      #expect(values.allSatisfy { $0.isFinite }, "\(parameter.name)")
      #expect(values.contains { $0 != 0 }, "\(parameter.name) receives a gradient")
    }
  }

  /// The kernels agree on their layouts; what is left is the picture, which comes row by row and is wanted otherwise by the first
  /// convolution, in float32 also by its weight gradient.
  @Test(arguments: Architecture.all.map(\.name), [Precision.float32, .bfloat16])
  func `a step of training reorders no activations`(_ name: String, _ precision: Precision) throws {
    let model = try Architecture.named(name).model(size: 48, inputChannels: 1, classes: 7)
    let network = try Network(
      model, inputShape: [16, 1, 48, 48], mode: .training, gradients: .parameters, precision: precision, seed: 5)
    #expect(network.reorderCount <= (precision == .float32 ? 2 : 1))
  }

  @Test(arguments: ["resnet10-mini", "vgg-micro", "vgg-mini", "mobilenet-v1", "mobilenet-v2"], Attention.allCases)
  func `channel attention has parameters that learn`(_ name: String, _ attention: Attention) throws {
    let model = try Architecture.named(name).model(size: 40, inputChannels: 3, classes: 7, attention: attention)
    let network = try Network(
      model, inputShape: [2, 3, 40, 40], mode: .training, gradients: .parameters, seed: 5)
    let own = network.parameters.filter { $0.name.contains("eca.") || $0.name.contains(".se.") }
    #expect(own.isEmpty == (attention == .none))
    network.input.fill(with: Golden.fill("x", count: 2 * 3 * 40 * 40, low: -1, high: 1))
    try network.forward()
    network.outputGradient("logits").fill(with: Golden.fill("dy", count: 14, low: -1, high: 1))
    try network.backward()
    for parameter in own {
      let values = try network.exportGradient(of: parameter).values
      #expect(values.contains { $0 != 0 }, "\(parameter.name) receives a gradient")
    }
  }

  @Test func `the released ECA has the kernels 3, 5, 7 and 7 and the formula 3, 5, 5 and 5`() throws {
    func kernels(_ attention: Attention) throws -> [Int] {
      let model = try Architecture.named("resnet18").model(
        size: 48, inputChannels: 1, classes: 7, attention: attention)
      return try Network(model, inputShape: [1, 1, 48, 48], mode: .inference, seed: nil).parameters
        .filter { $0.name.hasSuffix(".1.eca.conv.weight") }.map(\.count)
    }
    #expect(try kernels(.ecaReleased) == [3, 5, 7, 7])
    #expect(try kernels(.eca) == [3, 5, 5, 5])
    #expect(EfficientChannelAttention.kernelSize(channels: 1024) == 5)
    #expect(EfficientChannelAttention.kernelSize(channels: 2048) == 7)
  }

  @Test func `ECA without weights halves its input`() throws {
    let layer = EfficientChannelAttention(channels: 16)
    let network = try Network(SingleLayer(layer: layer), inputShape: [1, 16, 3, 3], mode: .inference, seed: nil)
    network.input.fill(with: Golden.fill("x", count: 144, low: -1, high: 1))
    try network.forward()
    #expect(zip(network.output("y"), network.input).allSatisfy { $0 == 0.5 * $1 })
  }

  /// A network with an input gradient keeps its layers apart; one without folds batch norm into the weights.
  @Test(arguments: Architecture.all.map(\.name), [Precision.float32, .bfloat16])
  func `folded batch norm predicts what the layers do`(_ name: String, _ precision: Precision) throws {
    let model = try Architecture.named(name).model(size: 48, inputChannels: 1, classes: 7, attention: .eca)
    let shape = [2, 1, 48, 48]
    let layers = try Network(
      model, inputShape: shape, mode: .inference, gradients: .input, precision: precision, seed: 5)
    let folded = try Network(model, inputShape: shape, mode: .inference, precision: precision, seed: nil)
    let tensors = try layers.exportTensorsAsIfTrained()
    for network in [layers, folded] {
      try network.importTensors(tensors)
      network.input.fill(with: Golden.fill("x", count: 2 * 48 * 48, low: -1, high: 1))
      try network.forward()
    }
    let error = relativeError(folded.output("logits"), Array(layers.output("logits")))
    #expect(error < (precision == .float32 ? 1e-4 : 0.1), "they differ by \(error)")
    #expect(Set(folded.parameters.map(\.name)) == Set(layers.parameters.map(\.name)))
  }

  @Test func `an unknown architecture lists the known ones`() {
    #expect {
      try Architecture.named("alexnet")
    } throws: { error in
      "\(error)".hasPrefix("no model is called alexnet; there are resnet18, ")
    }
  }
}
