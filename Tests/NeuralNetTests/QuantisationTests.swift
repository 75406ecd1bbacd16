import TestSupport
import Testing

@testable import NeuralNet

/// Where the processor has no fast products of 8-bit integers these run on what `auto` is there, and must hold all the same.
@Suite struct QuantisationTests {
  private func network(
    _ precision: Precision, activation: Activation? = nil, side: Int = 5, seed: UInt64? = 3
  ) throws -> Network {
    let layer = NormalisedConvolution(
      Conv2D(inputChannels: 16, outputChannels: 24, kernelSize: 3), activation, names: ("conv", "norm"))
    return try Network(
      SingleLayer(layer: layer), inputShape: [2, 16, side, side], mode: .inference, precision: precision, seed: seed)
  }

  /// Whole numbers from -127 to 127, which occurs in each of `rows`: at the middle tap, which is never on padding.
  private func integers(_ name: String, rows: Int, length: Int) -> [Float] {
    var values = Golden.fill(name, count: rows * length, low: -127.49, high: 127.49).map { $0.rounded() }
    for row in 0..<rows { values[row * length + 4] = 127 }
    return values
  }

  private func integerWeights() -> [NamedTensor] {
    [
      NamedTensor(
        name: "conv.weight", shape: [24, 16, 3, 3], values: integers("weights", rows: 24, length: 144)),
      NamedTensor(name: "norm.weight", shape: [24], values: (0..<24).map { Float($0 % 5) - 1.5 }),
      NamedTensor(name: "norm.bias", shape: [24], values: (0..<24).map { Float($0) * 100 }),
      NamedTensor(name: "norm.running_mean", shape: [24], values: (0..<24).map { Float($0) * 10 - 90 }),
      NamedTensor(
        name: "norm.running_var", shape: [24], values: (0..<24).map { Float($0 + 1) * Float($0 + 1) - 1e-5 }),
      NamedTensor(name: "norm.num_batches_tracked", shape: [1], values: [0]),
    ]
  }

  /// Maps of 2x2 go another way: `WholeMapConvolution`.
  @Test(arguments: [nil, Activation.relu, .mish, .relu6], [2, 5])
  func `whole numbers go through 8 bits unchanged`(_ activation: Activation?, _ side: Int) throws {
    let results = try [Precision.int8, .float32].map { precision in
      let network = try network(precision, activation: activation, side: side)
      try network.importTensors(integerWeights())
      network.input.fill(with: integers("input", rows: 1, length: network.input.count))
      try network.forward()
      return Array(network.output("y"))
    }
    // The sums are exact; the results are rounded to what activations are kept in.
    let worst = zip(results[0], results[1]).map { abs($0 - $1) / max(1, abs($1)) }.max()
    let error = try #require(worst)
    #expect(error < 0x1p-8 + 1e-4)
    #expect(Set(results[1]).count > (activation == .relu6 ? 1 : 10))
  }

  @Test(arguments: Architecture.all.map(\.name), [Activation.relu, .mish])
  func `every architecture answers in 8 bits almost as in 32`(_ name: String, _ activation: Activation) throws {
    let model = try Architecture.named(name).model(
      size: 48, inputChannels: 1, classes: 7, activation: activation, attention: activation == .relu ? .none : .eca)
    let shape = [4, 1, 48, 48]
    let exact = try Network(model, inputShape: shape, mode: .inference, seed: 5)
    let rounded = try Network(model, inputShape: shape, mode: .inference, precision: .int8, seed: nil)
    let tensors = try exact.exportTensorsAsIfTrained()
    for network in [exact, rounded] {
      try network.importTensors(tensors)
      network.input.fill(with: Golden.fill("x", count: 4 * 48 * 48, low: -1, high: 1))
      try network.forward()
    }
    let error = relativeError(rounded.output("logits"), Array(exact.output("logits")))
    #expect(error < 0.1, "they differ by \(error)")
    guard Processor.hasFastInt8 else { return }
    #expect(rounded.precision == .int8)
    #expect(error > 1e-5, "nothing was rounded")
    let kernels = try rounded.profile(repetitions: 1).map(\.step)
    #expect(kernels.contains { $0.hasPrefix("convolution") && $0.contains("vnni") })
  }

  @Test func `the first batch sets the ranges, until they are taken anew or the weights change`() throws {
    let network = try network(.int8)
    guard network.precision == .int8 else { return }
    let small = Golden.fill("small", count: network.input.count, low: -1, high: 1)
    func largest(_ scale: Float) throws -> Float {
      network.input.fill(with: small.map { $0 * scale })
      try network.forward()
      return network.output("y").reduce(0) { max($0, abs($1)) }
    }
    let first = try largest(1)
    let cut = try largest(10)
    #expect(cut < 4 * first, "what lies outside the range is cut off")
    network.recalibrate()
    let wide = try largest(10)
    #expect(abs(wide / first - 10) < 0.3)
    try network.importTensors(network.exportTensors())
    let again = try largest(1)
    #expect(abs(again / first - 1) < 0.03)
  }

  @Test func `zeros give the constants, and what is no number none`() throws {
    let network = try network(.int8)
    var tensors = integerWeights()
    tensors[0] = NamedTensor(
      name: "conv.weight", shape: [24, 16, 3, 3], values: [Float](repeating: 0, count: 24 * 144))
    try network.importTensors(tensors)
    network.input.update(repeating: 0)
    try network.forward()
    let spread = tensors[3].values.indices.map { k in
      tensors[2].values[k] - tensors[3].values[k] * tensors[1].values[k] / Float(k + 1)
    }
    for (index, value) in network.output("y").enumerated() {
      let expected = spread[index / 25 % 24]
      #expect(abs(value - expected) <= 0.01 * max(1, abs(expected)))
    }
    try network.importTensors(integerWeights())
    network.input.update(repeating: .nan)
    try network.forward()
    #expect(network.output("y").allSatisfy { $0.isNaN })
  }

  @Test func `the same batch has the same answer, whether it sets the ranges or finds them set`() throws {
    let network = try network(.int8)
    network.input.fill(with: Golden.fill("x", count: network.input.count, low: -1, high: 1))
    try network.forward()
    let first = Array(network.output("y"))
    try network.forward()
    #expect(Array(network.output("y")) == first)
  }
}
