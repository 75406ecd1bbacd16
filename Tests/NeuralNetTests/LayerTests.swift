import TestSupport
import Testing

@testable import NeuralNet

/// Every layer in three ways: golden forward, golden backward for each parameter, and central differences.
@Suite struct LayerTests {
  struct File: Decodable { let cases: [Case] }

  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let layer: Description
    let inputShape: [Int]
    let inputRange: [Double]
    let mode: String
    let parameters: [String: GoldenParameter]
    let initialBuffers: [String: GoldenParameter]
    let output: GoldenTensor
    let inputGradient: GoldenTensor
    let parameterGradients: [String: GoldenTensor]
    let buffers: [String: GoldenTensor]

    var testDescription: String { name }
  }

  struct Description: Decodable {
    let type: String
    let inputChannels, outputChannels, kernelSize, stride, padding, channels, groups: Int?
    let inputFeatures, outputFeatures: Int?
    let bias: Bool?
    let activation: String?
  }

  static let cases: [Case] = (try? Golden.load(File.self, "layers.json").cases) ?? []

  @Test func `the golden file has every layer`() {
    #expect(Set(LayerTests.cases.map(\.layer.type)).count == 13)
    #expect(LayerTests.cases.count >= 32)
  }

  @Test(arguments: cases)
  func `float32 agrees with PyTorch forward and backward`(_ golden: Case) throws {
    try compare(golden, precision: .float32, tolerance: 2e-5)
  }

  @Test(arguments: cases.filter { !isBlock($0) })
  func `bfloat16 agrees with PyTorch within its rounding`(_ golden: Case) throws {
    try compare(golden, precision: .bfloat16, tolerance: 0.04)
  }

  /// With Mish: rounding puts some value on the other side of a ReLU's kink, which is no error but changes gradients.
  @Test(arguments: cases.filter(isBlock))
  func `blocks in bfloat16 agree with float32 within their rounding`(_ golden: Case) throws {
    let rounded = try run(golden, precision: .bfloat16, activation: .mish)
    let exact = try run(golden, precision: .float32, activation: .mish)
    func expectClose(_ a: some Collection<Float>, _ b: some Collection<Float>, _ what: String) {
      let error = relativeError(a, Array(b))
      #expect(error <= 0.06, "\(what) differs by \(error) of its largest value")
    }
    expectClose(rounded.output("y"), exact.output("y"), "output")
    expectClose(rounded.inputGradient, exact.inputGradient, "input gradient")
    for (a, b) in zip(rounded.parameters, exact.parameters) {
      expectClose(
        try rounded.exportGradient(of: a).values, try exact.exportGradient(of: b).values, "gradient of \(a.name)")
    }
  }

  /// Several layers one after the other.
  private static func isBlock(_ golden: Case) -> Bool {
    ["basicBlock", "invertedResidual"].contains(golden.layer.type)
  }

  @Test func `bfloat16 really rounds`() throws {
    let golden = try #require(LayerTests.cases.first { $0.name == "conv3x3" })
    let network = try run(golden, precision: .bfloat16)
    let error = relativeError(network.output("y"), golden.output.values)
    #expect(error > 1e-4, "float32 would be closer than \(error)")
  }

  /// Blocks are checked with Mish: along any direction some ReLU has its kink within the step.
  @Test(arguments: cases)
  func `gradients agree with central differences`(_ golden: Case) throws {
    let network = try run(golden, precision: .float32, activation: .mish)
    let seed = Array(network.outputGradient("y"))
    let input = Array(network.input)
    let gradient = Array(network.inputGradient)
    let tensors = try network.exportTensors()

    func loss() throws -> Double {
      try network.importTensors(tensors.filter { $0.name.contains("running") }, allowingMismatch: true)
      try network.forward()
      return zip(network.output("y"), seed).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    func check(_ analytic: Double, _ name: String, step: Float, set: (Float) throws -> Void) throws {
      try set(step)
      let above = try loss()
      try set(-step)
      let below = try loss()
      try set(0)
      let numeric = (above - below) / (2 * Double(step))
      let scale = max(1, abs(analytic))
      #expect(abs(numeric - analytic) / scale < 0.02, "\(name): \(numeric) by differences, \(analytic) by backward")
    }

    let direction = Golden.fill("\(golden.name).direction", count: input.count, low: -1, high: 1)
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0 * $1.1) } / Double(norm)
    try check(slope, "input", step: golden.layer.type.contains("ool") ? 1e-3 : 1e-2) { step in
      network.input.fill(with: zip(input, direction).map { $0 + step * $1 / norm })
    }
    for parameter in network.parameters {
      let values = try #require(tensors.first { $0.name == parameter.name })
      let gradient = try network.exportGradient(of: parameter).values
      let direction = Golden.fill("\(parameter.name).direction", count: values.values.count, low: -1, high: 1)
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0 * $1.1) } / Double(norm)
      try check(slope, parameter.name, step: 1e-2) { step in
        var moved = values
        moved.values = zip(values.values, direction).map { $0 + step * $1 / norm }
        try network.importTensors([moved], allowingMismatch: true)
      }
    }
  }

  @Test func `the comparison can fail`() {
    #expect(relativeError([1, 2, 3], [1, 2, 4]) == 0.25)
    #expect(relativeError([1, 2], [1, 2, 4]) == .infinity)
    #expect(relativeError([1, .nan, 3], [1, 2, 3]) == .infinity)
  }

  // MARK: Helpers

  private func compare(_ golden: Case, precision: Precision, tolerance: Float) throws {
    let network = try run(golden, precision: precision)
    #expect(network.outputShape("y").filter { $0 > 1 } == golden.output.shape.filter { $0 > 1 })
    expectClose(network.output("y"), golden.output, tolerance, "output")
    expectClose(network.inputGradient, golden.inputGradient, tolerance, "input gradient")
    #expect(Set(network.parameters.map(\.name)) == Set(golden.parameterGradients.keys))
    for parameter in network.parameters {
      let tensor = try network.exportGradient(of: parameter)
      let reference = try #require(golden.parameterGradients[parameter.name])
      #expect(tensor.shape == reference.shape)
      expectClose(tensor.values, reference, tolerance, "gradient of \(parameter.name)")
    }
    let state = try network.exportTensors()
    for (name, reference) in golden.buffers {
      let tensor = try #require(state.first { $0.name == name })
      expectClose(tensor.values, reference, tolerance, name)
    }
  }

  private func expectClose(
    _ values: some Collection<Float>, _ golden: GoldenTensor, _ tolerance: Float, _ what: String
  ) {
    let error = relativeError(values, golden.values)
    #expect(error <= tolerance, "\(what) differs by \(error) of its largest value")
  }

  /// Compiles the layer, runs it forward and backward on the golden input, and returns it.
  private func run(_ golden: Case, precision: Precision, activation: Activation = .relu) throws -> Network {
    let shape = golden.inputShape + [Int](repeating: 1, count: 4 - golden.inputShape.count)
    let network = try Network(
      SingleLayer(layer: layer(golden.layer, activation)), inputShape: shape,
      mode: golden.mode == "train" ? .training : .inference, gradients: [.parameters, .input], precision: precision,
      seed: 1)
    let tensors = golden.parameters.merging(golden.initialBuffers) { $1 }.map { name, range in
      NamedTensor(
        name: name, shape: range.shape,
        values: Golden.fill(
          "\(golden.name).\(name)", count: range.shape.reduce(1, *), low: range.low, high: range.high))
    }
    let skipped = try network.importTensors(tensors, allowingMismatch: true)
    #expect(skipped.allSatisfy { $0.hasSuffix("num_batches_tracked") }, "All golden parameters have a place")
    network.input.fill(
      with: Golden.fill(
        "\(golden.name).input", count: shape.reduce(1, *), low: golden.inputRange[0], high: golden.inputRange[1]))
    try network.forward()
    network.outputGradient("y").fill(
      with: Golden.fill("\(golden.name).outputGradient", count: network.output("y").count, low: -1, high: 1))
    try network.backward()
    return network
  }

  private func layer(_ description: Description, _ activation: Activation) throws -> any Layer {
    switch description.type {
    case "convolution":
      Conv2D(
        inputChannels: try #require(description.inputChannels),
        outputChannels: try #require(description.outputChannels),
        kernelSize: try #require(description.kernelSize), stride: try #require(description.stride),
        padding: description.padding, groups: description.groups ?? 1, hasBias: description.bias ?? false)
    case "batchNorm":
      BatchNorm2D(channels: try #require(description.channels), fusesReLU: description.activation == "relu")
    case "relu": Activation.relu
    case "mish": Activation.mish
    case "relu6": Activation.relu6
    case "eca":
      EfficientChannelAttention(
        channels: try #require(description.channels), kernelSize: try #require(description.kernelSize))
    case "squeezeExcitation":
      SqueezeExcitation(
        channels: try #require(description.channels), squeezed: try #require(description.outputChannels))
    case "invertedResidual":
      InvertedResidual(
        inputChannels: try #require(description.inputChannels),
        outputChannels: try #require(description.outputChannels), expansion: try #require(description.kernelSize),
        stride: try #require(description.stride), activation: activation == .mish ? .mish : .relu6)
    case "maxPool":
      MaxPool2D(
        kernelSize: try #require(description.kernelSize), stride: try #require(description.stride),
        padding: try #require(description.padding))
    case "globalAveragePool": GlobalAveragePool2D()
    case "linear", "flattenLinear":
      Linear(
        inputCount: try #require(description.inputFeatures), outputCount: try #require(description.outputFeatures))
    case "basicBlock":
      ResidualBlock(
        inputChannels: try #require(description.inputChannels),
        outputChannels: try #require(description.outputChannels), stride: try #require(description.stride),
        activation: activation)
    default: preconditionFailure("No layer for \(description.type)")
    }
  }
}
