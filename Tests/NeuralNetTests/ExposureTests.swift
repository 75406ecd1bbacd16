import TestSupport
import Testing

@testable import NeuralNet

@Suite struct ExposureTests {
  private let input = Golden.fill("exposure", count: 2 * 24 * 24, low: -1, high: 1)

  private func network(
    exposing layers: [String], gradients: Gradients = .input, activation: Activation = .relu
  ) throws -> Network {
    let backbone = ResNet(stem: .threeByThreeStride2, widths: [16, 32], depths: [2, 1], activation: activation)
    let model = Classifier(backbone: backbone.layers, featureCount: backbone.featureCount, classes: 3)
    let network = try Network(
      model, inputShape: [2, 1, 24, 24], mode: .inference, gradients: gradients, exposing: layers, seed: 7)
    network.input.fill(with: input)
    return network
  }

  @Test func `a network names its layers by their paths, outer layers after inner ones`() throws {
    let layers = try network(exposing: []).layers
    #expect(
      layers.map(\.name).prefix(6) == [
        "conv1", "bn1", "layer1.0.conv1", "layer1.0.bn1", "layer1.0.conv2", "layer1.0.bn2",
      ]
    )
    #expect(layers.first { $0.name == "layer2" }?.shape == [2, 32, 6, 6])
    #expect(layers.last?.name == "layer2")
  }

  @Test(arguments: Activation.allCases)
  func `a layer has the same values in a network that only predicts as in one with derivatives`(
    _ activation: Activation
  ) throws {
    // Without derivatives a convolution and its batch norm are one kernel, unless the convolution is exposed.
    for names in [["bn1", "layer1.0.bn2", "layer2"], ["conv1", "layer1.0.conv1", "layer2.0.downsample.1"]] {
      let plain = try network(exposing: names, gradients: [], activation: activation)
      let whole = try network(exposing: names, activation: activation)
      try plain.forward()
      try whole.forward()
      for name in names { #expect(relativeError(plain.output(name), Array(whole.output(name))) < 1e-4, "\(name)") }
    }
  }

  @Test func `an exposed layer is what the next layers read`() throws {
    let network = try network(exposing: ["layer2"], gradients: [])
    try network.forward()
    let map = network.output("layer2")
    let tensors = Dictionary(uniqueKeysWithValues: try network.exportTensors().map { ($0.name, $0.values) })
    let (weight, bias) = (tensors["fc.weight"] ?? [], tensors["fc.bias"] ?? [])
    for row in 0..<2 {
      for c in 0..<3 {
        var logit = bias[c]
        for k in 0..<32 {
          logit += weight[c * 32 + k] * map[((row * 32 + k) * 36)..<((row * 32 + k + 1) * 36)].reduce(0, +) / 36
        }
        #expect(abs(logit - network.output("logits")[row * 3 + c]) < 1e-4)
      }
    }
  }

  @Test(arguments: Activation.allCases)
  func `behind global average pooling a map's derivative is the head's weight over the map's size`(
    _ activation: Activation
  ) throws {
    let network = try network(exposing: ["layer2"], activation: activation)
    try network.forward()
    network.outputGradient("logits").fill(with: [0, 1, 0, 1, 0, 0])
    try network.backward()
    let weight = try #require(try network.exportTensors().first { $0.name == "fc.weight" }).values
    for (row, c) in [(0, 1), (1, 0)] {
      for k in 0..<32 {
        for i in 0..<36 {
          #expect(abs(network.layerGradient("layer2")[(row * 32 + k) * 36 + i] - weight[c * 32 + k] / 36) < 1e-6)
        }
      }
    }
  }

  @Test func `a map read by two branches has the sum of what both say`() throws {
    // layer1.0 feeds the convolutions of layer1.1 and the shortcut around them.
    let network = try network(exposing: ["layer1.0", "layer1"])
    try network.forward()
    let map = network.output("layer1")
    let strongest = try #require(map.indices.max { map[$0] < map[$1] })
    try #require(map[strongest] > 0)
    network.outputGradient("layer1")[strongest] = 1
    func value() throws -> Double {
      try network.forward()
      return Double(network.output("layer1")[strongest])
    }
    try network.backward()
    let inputGradient = Array(network.inputGradient)
    let own = network.layerGradient("layer1.0")[strongest]
    // What the shortcut passes on whole, and what the convolutions add at other pixels.
    #expect(abs(own) > 0.1)
    #expect(network.layerGradient("layer1.0").filter { $0 != 0 }.count > 9)
    // The chain rule holds down to the input: central differences at its steepest pixel.
    let steepest = try #require(inputGradient.indices.max { abs(inputGradient[$0]) < abs(inputGradient[$1]) })
    let step: Float = 1e-2
    network.input[steepest] = input[steepest] + step
    let above = try value()
    network.input[steepest] = input[steepest] - step
    let below = try value()
    let slope = (above - below) / Double(2 * step)
    #expect(abs(slope - Double(inputGradient[steepest])) < 0.05 * abs(slope))
  }

  @Test func `a layer that is not there is an error that lists those that are`() throws {
    let known = try network(exposing: []).layers.map(\.name)
    #expect(throws: NeuralNetError.unknownLayer("layer9", known: known)) { try network(exposing: ["layer9"]) }
    let words = NeuralNetError.unknownLayer("layer9", known: ["conv1", "layer1"]).description
    #expect(words == "the network has no layer layer9; there are conv1, layer1")
  }
}
