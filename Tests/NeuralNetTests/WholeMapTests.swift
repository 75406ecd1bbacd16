import TestSupport
import Testing

@testable import NeuralNet

/// Convolutions over maps of 2x2 pixels, which are computed as one inner product, beside the ordinary kernels: a constant of zero
/// for each channel is enough to be sent there, and those are held to PyTorch's numbers.
@Suite struct WholeMapTests {
  private let batch = 5
  /// Where bfloat16 is multiplied in vectors, Winograd's kernels have these maps in training.
  private static let precisions = Processor.multipliesBFloat16InVectors ? [Precision.float32] : [.float32, .bfloat16]

  private func convolution(_ inputs: Int, _ outputs: Int, isOrdinary: Bool) -> Conv2D {
    Conv2D(inputChannels: inputs, outputChannels: outputs, kernelSize: 3, hasBias: isOrdinary)
  }

  private func tensors(_ inputs: Int, _ outputs: Int, isOrdinary: Bool, prefix: String = "") -> [NamedTensor] {
    let weight = Golden.fill("weight", count: outputs * inputs * 9, low: -0.1, high: 0.1)
    return [NamedTensor(name: prefix + "weight", shape: [outputs, inputs, 3, 3], values: weight)]
      + (isOrdinary
        ? [NamedTensor(name: prefix + "bias", shape: [outputs], values: [Float](repeating: 0, count: outputs))] : [])
  }

  private func trained(_ inputs: Int, _ outputs: Int, _ precision: Precision, isOrdinary: Bool) throws -> Network {
    let network = try Network(
      SingleLayer(layer: convolution(inputs, outputs, isOrdinary: isOrdinary)), inputShape: [batch, inputs, 2, 2],
      mode: .training, gradients: [.parameters, .input], precision: precision, seed: nil)
    try network.importTensors(tensors(inputs, outputs, isOrdinary: isOrdinary))
    network.input.fill(with: Golden.fill("x", count: network.input.count, low: -1, high: 1))
    try network.forward()
    let output = network.output("y")
    network.outputGradient("y").fill(with: Golden.fill("dy", count: output.count, low: -1, high: 1))
    try network.backward()
    return network
  }

  @Test(arguments: [(64, 64), (64, 192), (192, 64)], precisions)
  func `one inner product gives what the ordinary kernels give`(_ channels: (Int, Int), _ precision: Precision) throws {
    let (inputs, outputs) = channels
    let product = try trained(inputs, outputs, precision, isOrdinary: false)
    let ordinary = try trained(inputs, outputs, precision, isOrdinary: true)
    let tolerance: Float = precision == .float32 ? 1e-5 : 0.02
    #expect(relativeError(product.output("y"), Array(ordinary.output("y"))) < tolerance)
    #expect(relativeError(product.inputGradient, Array(ordinary.inputGradient)) < tolerance)
    let gradients = try [product, ordinary].map { try $0.exportGradient(of: $0.parameters[0]).values }
    #expect(relativeError(gradients[0], gradients[1]) < tolerance)
    let steps = try product.profile(repetitions: 1).map(\.step)
    #expect(steps.contains { $0.hasPrefix("rows of") })
    #expect(try ordinary.profile(repetitions: 1).allSatisfy { !$0.step.hasPrefix("rows of") })
  }

  @Test func `weights that change are joined anew, and come out as they went in`() throws {
    let network = try trained(64, 64, .float32, isOrdinary: false)
    let before = Array(network.output("y"))
    let weights = try network.exportTensors()
    #expect(weights == tensors(64, 64, isOrdinary: false))
    for i in network.parameterValues.indices { network.parameterValues[i] *= 2 }
    network.parametersDidChange()
    try network.forward()
    #expect(relativeError(network.output("y"), before.map { 2 * $0 }) < 1e-6)
  }

  @Test(arguments: [nil, Activation.relu, .mish], [Precision.float32, .bfloat16])
  func `batch norm and activation go into it`(_ activation: Activation?, _ precision: Precision) throws {
    let results = try [false, true].map { isOrdinary in
      let layer = NormalisedConvolution(
        convolution(64, 128, isOrdinary: isOrdinary), activation, names: ("conv", "norm"))
      let network = try Network(
        SingleLayer(layer: layer), inputShape: [batch, 64, 2, 2], mode: .inference,
        gradients: isOrdinary ? .input : [], precision: precision, seed: nil)
      try network.importTensors(
        tensors(64, 128, isOrdinary: isOrdinary, prefix: "conv.") + [
          NamedTensor(name: "norm.weight", shape: [128], values: (0..<128).map { Float($0 % 7) - 2 }),
          NamedTensor(name: "norm.bias", shape: [128], values: (0..<128).map { Float($0 % 5) - 2 }),
          NamedTensor(name: "norm.running_mean", shape: [128], values: (0..<128).map { Float($0 % 3) - 1 }),
          NamedTensor(name: "norm.running_var", shape: [128], values: (0..<128).map { Float($0 % 11 + 1) }),
          NamedTensor(name: "norm.num_batches_tracked", shape: [1], values: [0]),
        ])
      network.input.fill(with: Golden.fill("x", count: network.input.count, low: -1, high: 1))
      try network.forward()
      return Array(network.output("y"))
    }
    #expect(relativeError(results[0], results[1]) < (precision == .float32 ? 1e-5 : 0.02))
  }
}
