import NeuralNet
import Randomness

/// The roofline: how many operations a second a convolution that suits the kernels does on this machine.
enum KernelRate {
  /// Operations a second, a multiplication and an addition counting two, in the fastest of some runs.
  static func measure(_ precision: Precision) throws -> Double {
    let network = try Network(
      OneConvolution(), inputShape: [32, 256, 24, 24], mode: .inference, precision: precision, seed: 1)
    var generator = SeededGenerator(seed: 1)
    for i in 0..<network.input.count { network.input[i] = Float(generator.uniform() * 2 - 1) }
    try network.forward()
    let seconds = try network.profile(repetitions: 12).filter { $0.step.hasPrefix("convolution") }
      .reduce(0) { $0 + $1.seconds }
    return seconds > 0 ? Double(2 * 32 * network.multiplyAddsPerSample) / seconds : 0
  }

  /// 3x3, 256 to 256 channels: as large as they come, on maps of whole cache lines.
  ///
  /// Without padding all processors multiply it out as it is defined.
  private struct OneConvolution: Model {
    func build(_ input: TensorReference, into graph: GraphReference) throws -> [(name: String, tensor: TensorReference)]
    {
      let convolution = NormalisedConvolution(
        Conv2D(inputChannels: 256, outputChannels: 256, kernelSize: 3, padding: 0), nil, names: ("conv", "norm"))
      return [("map", try convolution.build(input, into: graph, path: ""))]
    }
  }
}
