import CVectorMath
import TestSupport
import Testing

@testable import NeuralNet

/// Winograd's kernels by themselves, which run everywhere, beside the sums that define a convolution.
@Suite struct WinogradKernelTests {
  /// A layer with its inputs, weights and gradients, all numbers exact in bfloat16.
  private struct Case {
    let layer: winograd_layer
    let x: [Float]
    let dy: [Float]
    let taps: [Float]
    let bias: [Float]

    init(batch: Int, height: Int, width: Int, inputs: Int, outputs: Int) {
      layer = winograd_layer(batch: batch, height: height, width: width, inputs: inputs, outputs: outputs)
      let area = batch * height * width
      x = Golden.fill("x", count: area * inputs, low: -1, high: 1).map(Case.rounded)
      dy = Golden.fill("dy", count: area * outputs, low: -1, high: 1).map(Case.rounded)
      taps = Golden.fill("w", count: 9 * inputs * outputs, low: -1, high: 1)
      bias = Golden.fill("b", count: outputs, low: -1, high: 1)
    }

    static func rounded(_ value: Float) -> Float { Float(bitPattern: value.bitPattern & 0xffff_0000) }

    var transformedCount: Int { winograd_number_count(layer) * layer.inputs * layer.outputs }

    var tileCount: Int { winograd_tile_count(layer) }

    /// Of [N, C / 16, H, W, 16].
    func index(_ sample: Int, _ channel: Int, _ row: Int, _ column: Int, of channels: Int) -> Int {
      (((sample * channels + channel / 16 * 16) * layer.height + row * 16) * layer.width) + column * 16 + channel % 16
    }

    /// Every pair of an output's place and an input's, with the tap between them.
    func forEachTap(_ body: (_ sample: Int, _ output: (Int, Int), _ input: (Int, Int), _ tap: Int) -> Void) {
      for sample in 0..<layer.batch {
        for row in 0..<layer.height {
          for column in 0..<layer.width {
            for tap in 0..<9 {
              let input = (row + tap / 3 - 1, column + tap % 3 - 1)
              guard 0..<layer.height ~= input.0, 0..<layer.width ~= input.1 else { continue }
              body(sample, (row, column), input, tap)
            }
          }
        }
      }
    }

    func weight(_ tap: Int, _ c: Int, _ k: Int) -> Int { (tap * layer.inputs + c) * layer.outputs + k }
  }

  private static let cases = [
    (batch: 1, height: 4, width: 4, inputs: 16, outputs: 16),
    (batch: 2, height: 5, width: 7, inputs: 48, outputs: 80),
    (batch: 3, height: 6, width: 1, inputs: 128, outputs: 32),
    (batch: 9, height: 2, width: 2, inputs: 48, outputs: 80),
    // More tiles than a weight gradient has at hand at a time.
    (batch: 20, height: 6, width: 6, inputs: 16, outputs: 32),
  ]

  private func halves(_ values: [Float]) -> [UInt16] { values.map { UInt16($0.bitPattern >> 16) } }
  private func floats(_ values: [UInt16]) -> [Float] { values.map { Float(bitPattern: UInt32($0) << 16) } }

  @Test(arguments: cases.indices)
  func `outputs are those of the definition, in whatever parts`(_ number: Int) {
    let shape = Self.cases[number]
    let test = Case(
      batch: shape.batch, height: shape.height, width: shape.width, inputs: shape.inputs, outputs: shape.outputs)
    let layer = test.layer
    var weights = [UInt16](repeating: 0, count: test.transformedCount)
    for first in stride(from: 0, to: shape.inputs, by: 16) { winograd_weights(layer, test.taps, &weights, first, 16) }
    var y = [UInt16](repeating: 0xffff, count: test.dy.count)
    let part = 5
    var scratch = [UInt8](repeating: 0xff, count: winograd_convolve_scratch(layer, part))
    for first in stride(from: 0, to: test.tileCount, by: part) {
      winograd_convolve(
        layer, halves(test.x), weights, test.bias, -.infinity, &y, first, min(part, test.tileCount - first), &scratch)
    }

    var expected = [Float](repeating: 0, count: y.count)
    test.forEachTap { sample, output, input, tap in
      for k in 0..<shape.outputs {
        let to = test.index(sample, k, output.0, output.1, of: shape.outputs)
        if tap == 4 { expected[to] += test.bias[k] }
        for c in 0..<shape.inputs {
          expected[to] +=
            test.x[test.index(sample, c, input.0, input.1, of: shape.inputs)] * test.taps[test.weight(tap, c, k)]
        }
      }
    }
    #expect(relativeError(floats(y), expected) < 0.008)
  }

  @Test func `what is no number stays none, and a ReLU cuts off the rest`() {
    let test = Case(batch: 1, height: 2, width: 4, inputs: 16, outputs: 16)
    let layer = test.layer
    var weights = [UInt16](repeating: 0, count: test.transformedCount)
    winograd_weights(layer, test.taps, &weights, 0, 16)
    var x = halves(test.x)
    var y = [UInt16](repeating: 0, count: test.dy.count)
    var scratch = [UInt8](repeating: 0, count: winograd_convolve_scratch(layer, 2))
    winograd_convolve(layer, x, weights, nil, 0, &y, 0, 2, &scratch)
    #expect(floats(y).allSatisfy { $0 >= 0 } && floats(y).contains { $0 > 0 } && floats(y).contains(0))
    x[0] = 0x7fc0
    winograd_convolve(layer, x, weights, nil, 0, &y, 0, 2, &scratch)
    #expect(floats(y).contains { $0.isNaN })
  }

  @Test(arguments: cases.indices)
  func `the input's gradient is the definition's`(_ number: Int) {
    let shape = Self.cases[number]
    let test = Case(
      batch: shape.batch, height: shape.height, width: shape.width, inputs: shape.inputs, outputs: shape.outputs)
    let layer = test.layer
    var weights = [UInt16](repeating: 0, count: test.transformedCount)
    for first in stride(from: 0, to: shape.inputs, by: 16) {
      winograd_reversed_weights(layer, test.taps, &weights, first, 16)
    }
    var reversed = layer
    swap(&reversed.inputs, &reversed.outputs)
    var dx = [UInt16](repeating: 0xffff, count: test.x.count)
    var scratch = [UInt8](repeating: 0xff, count: winograd_convolve_scratch(reversed, test.tileCount))
    winograd_convolve(reversed, halves(test.dy), weights, nil, -.infinity, &dx, 0, test.tileCount, &scratch)

    var expected = [Float](repeating: 0, count: dx.count)
    test.forEachTap { sample, output, input, tap in
      for c in 0..<shape.inputs {
        for k in 0..<shape.outputs {
          expected[test.index(sample, c, input.0, input.1, of: shape.inputs)] +=
            test.dy[test.index(sample, k, output.0, output.1, of: shape.outputs)] * test.taps[test.weight(tap, c, k)]
        }
      }
    }
    #expect(relativeError(floats(dx), expected) < 0.008)
  }

  /// Tiles in two parts, one of which may be empty, and channels in parts of 16.
  @Test(arguments: cases.indices, [0, 2])
  func `weight and bias gradients are the definition's, in whatever parts`(_ number: Int, _ firstPart: Int) {
    let shape = Self.cases[number]
    let test = Case(
      batch: shape.batch, height: shape.height, width: shape.width, inputs: shape.inputs, outputs: shape.outputs)
    let layer = test.layer
    let length = test.transformedCount
    var sums = [Float](repeating: .nan, count: 2 * length)
    var bias = [[Float]](repeating: [Float](repeating: .nan, count: shape.outputs), count: 2)
    var scratch = [UInt8](repeating: 0xff, count: winograd_gradient_scratch(layer, test.tileCount, 16))
    for (part, tiles) in [0..<firstPart, firstPart..<test.tileCount].enumerated() {
      for channel in stride(from: 0, to: shape.inputs, by: 16) {
        sums.withUnsafeMutableBufferPointer { sums in
          winograd_gradient(
            layer, halves(test.x), halves(test.dy), tiles.lowerBound, tiles.count, channel, 16, &scratch,
            sums.baseAddress.unsafelyUnwrapped + part * length, &bias[part])
        }
      }
    }
    var gradient = [Float](repeating: .nan, count: test.taps.count)
    for c in 0..<shape.inputs { winograd_gradient_total(layer, sums, 2, c, 1, &gradient) }

    var expected = [Float](repeating: 0, count: gradient.count)
    var expectedBias = [Float](repeating: 0, count: shape.outputs)
    test.forEachTap { sample, output, input, tap in
      for k in 0..<shape.outputs {
        let slope = test.dy[test.index(sample, k, output.0, output.1, of: shape.outputs)]
        if tap == 4 { expectedBias[k] += slope }
        for c in 0..<shape.inputs {
          expected[test.weight(tap, c, k)] += test.x[test.index(sample, c, input.0, input.1, of: shape.inputs)] * slope
        }
      }
    }
    // On maps of 2x2 pixels the middle tap is what is left of nine sums.
    #expect(relativeError(gradient, expected) < (shape.height == 2 ? 0.015 : 0.008))
    #expect(relativeError(zip(bias[0], bias[1]).map(+), expectedBias) < 1e-5)
  }
}

/// The layer in a network, beside the same network in 32 bits, whose kernels are held to PyTorch's numbers.
@Suite(.enabled("the processor multiplies bfloat16 in vectors") { Processor.multipliesBFloat16InVectors })
struct WinogradConvolutionTests {
  private func trained(_ layer: Conv2D, size: Int, batch: Int, _ precision: Precision) throws -> Network {
    let network = try Network(
      SingleLayer(layer: layer), inputShape: [batch, layer.inputChannels, size, size], mode: .training,
      gradients: [.parameters, .input], precision: precision, seed: nil)
    let weight = Golden.fill("weight", count: layer.canonicalWeightShape.reduce(1, *), low: -0.1, high: 0.1)
    var tensors = [NamedTensor(name: "weight", shape: layer.canonicalWeightShape, values: weight)]
    if layer.hasBias {
      let bias = Golden.fill("bias", count: layer.outputChannels, low: -1, high: 1)
      tensors.append(NamedTensor(name: "bias", shape: [layer.outputChannels], values: bias))
    }
    try network.importTensors(tensors)
    network.input.fill(with: Golden.fill("x", count: network.input.count, low: -1, high: 1))
    try pass(network)
    return network
  }

  private func pass(_ network: Network) throws {
    try network.forward()
    let output = network.output("y")
    network.outputGradient("y").fill(with: Golden.fill("dy", count: output.count, low: -1, high: 1))
    try network.backward()
  }

  private func usesWinograd(_ network: Network) throws -> Bool {
    try network.profile(repetitions: 1).contains { $0.step.contains("winograd") }
  }

  @Test(arguments: [(32, 32, 12), (64, 144, 5), (128, 64, 4), (64, 96, 2)], [false, true])
  func `it is the convolution that 32 bits give`(_ shape: (Int, Int, Int), _ hasBias: Bool) throws {
    let layer = Conv2D(inputChannels: shape.0, outputChannels: shape.1, kernelSize: 3, hasBias: hasBias)
    let fast = try trained(layer, size: shape.2, batch: 3, .bfloat16)
    let exact = try trained(layer, size: shape.2, batch: 3, .float32)
    #expect(try usesWinograd(fast))
    #expect(try !usesWinograd(exact))
    #expect(relativeError(fast.output("y"), Array(exact.output("y"))) < 0.01)
    #expect(relativeError(fast.inputGradient, Array(exact.inputGradient)) < 0.01)
    for (one, other) in zip(fast.parameters, exact.parameters) {
      let gradients = (try fast.exportGradient(of: one).values, try exact.exportGradient(of: other).values)
      #expect(relativeError(gradients.0, gradients.1) < 0.015)
    }
    #expect(try fast.exportTensors() == exact.exportTensors())
  }

  @Test(arguments: [nil, Activation.relu, .mish])
  func `batch norm and ReLU go into it`(_ activation: Activation?) throws {
    let results = try [Precision.bfloat16, .float32].map { precision in
      let layer = NormalisedConvolution(
        Conv2D(inputChannels: 32, outputChannels: 48, kernelSize: 3), activation, names: ("conv", "norm"))
      let network = try Network(
        SingleLayer(layer: layer), inputShape: [5, 32, 7, 7], mode: .inference, precision: precision, seed: 4)
      try network.importTensors(network.exportTensorsAsIfTrained())
      network.input.fill(with: Golden.fill("x", count: network.input.count, low: -1, high: 1))
      try network.forward()
      #expect(try usesWinograd(network) == (precision == .bfloat16 && activation != .mish))
      return Array(network.output("y"))
    }
    #expect(relativeError(results[0], results[1]) < 0.01)
  }

  @Test func `weights that change are transformed anew, and the same step gives the same bits`() throws {
    let layer = Conv2D(inputChannels: 32, outputChannels: 64, kernelSize: 3)
    let network = try trained(layer, size: 6, batch: 4, .bfloat16)
    let (output, gradient) = (Array(network.output("y")), Array(network.parameterGradients))
    try pass(network)
    #expect(Array(network.output("y")) == output)
    #expect(Array(network.parameterGradients) == gradient)
    for i in network.parameterValues.indices { network.parameterValues[i] *= 2 }
    network.parametersDidChange()
    try pass(network)
    #expect(Array(network.output("y")) == output.map { 2 * $0 })
  }

  @Test(arguments: [(16, 64, 12, 1, 3), (32, 32, 3, 1, 3), (32, 32, 12, 2, 3), (32, 32, 12, 1, 1), (40, 64, 12, 1, 3)])
  func `other convolutions stay with oneDNN`(_ shape: (Int, Int, Int, Int, Int)) throws {
    let layer = Conv2D(
      inputChannels: shape.0, outputChannels: shape.1, kernelSize: shape.4, stride: shape.3)
    #expect(try !usesWinograd(trained(layer, size: shape.2, batch: 2, .bfloat16)))
  }
}

/// Weight gradients at stride 2 in bfloat16, tap by tap up to 144 outputs, beside those in 32 bits.
@Suite struct StridedWeightGradientTests {
  @Test(arguments: [(32, 64, 24), (64, 32, 23), (32, 32, 34)])
  func `they are the convolution's`(_ shape: (Int, Int, Int)) throws {
    let gradients = try [Precision.bfloat16, .float32].map { precision in
      let layer = Conv2D(inputChannels: shape.0, outputChannels: shape.1, kernelSize: 3, stride: 2)
      let network = try Network(
        SingleLayer(layer: layer), inputShape: [3, shape.0, shape.2, shape.2], mode: .training, gradients: .parameters,
        precision: precision, seed: 4)
      network.input.fill(with: Golden.fill("x", count: network.input.count, low: -1, high: 1))
      try network.forward()
      let output = network.output("y")
      network.outputGradient("y").fill(with: Golden.fill("dy", count: output.count, low: -1, high: 1))
      try network.backward()
      return try network.exportGradient(of: network.parameters[0]).values
    }
    #expect(relativeError(gradients[0], gradients[1]) < 0.01)
  }
}

@Suite struct ThreadTeamTests {
  @Test(arguments: [0, 1, 7, 1000])
  func `everything is done once`(_ total: Int) {
    var times = [Int](repeating: 0, count: total)
    times.withUnsafeMutableBufferPointer { times in
      nonisolated(unsafe) let times = times
      ThreadTeam.forEach(total) { times[$0] += 1 }
    }
    #expect(times.allSatisfy { $0 == 1 })
  }

  @Test func `there is a share for each thread`() {
    var shares = [Bool](repeating: false, count: ThreadTeam.count)
    shares.withUnsafeMutableBufferPointer { shares in
      nonisolated(unsafe) let shares = shares
      ThreadTeam.run { shares[$0] = true }
    }
    #expect(shares.allSatisfy { $0 })
  }

  @Test(arguments: [(0, 3, 1), (100, 3, 16), (32, 5, 16), (7, 7, 2), (1000, 1, 64)])
  func `parts follow each other, cut where they may be`(_ total: Int, _ parts: Int, _ granularity: Int) {
    let ranges = (0..<parts).map { ThreadTeam.range(of: $0, in: parts, total: total, granularity: granularity) }
    #expect(ranges.flatMap { Array($0) } == Array(0..<total))
    #expect(ranges.dropFirst().allSatisfy { $0.lowerBound % granularity == 0 || $0.isEmpty })
    let largest = ThreadTeam.largestPart(of: total, in: parts, granularity: granularity)
    #expect(ranges.allSatisfy { $0.count <= largest })
  }
}
