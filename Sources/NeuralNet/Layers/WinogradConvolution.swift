internal import COneDNN
internal import CVectorMath

/// A 3x3 convolution of stride 1 in bfloat16 with 16 products where the definition has 36, or, on maps of 2x2 pixels, 9 where it
/// has 16.
///
/// Winograd's F(2x2, 3x3), forward and for both gradients, by kernels of our own (`CWinograd.h`): oneDNN has it in 32 bits only,
/// and its kernels for bfloat16 already multiply as fast as the processor can. Sums are 32-bit; what is rounded to bfloat16 once
/// more (transformed inputs, weights and gradients) adds about as much error as the rounding of the tensors themselves.
///
/// Source: Lavin and Gray 2016, "Fast algorithms for convolutional neural networks".
struct WinogradConvolution {
  private let convolution: Conv2D
  private let layer: winograd_layer
  private let path: String

  /// The kernels for a convolution over inputs of this shape; nil where there are none, or others are faster.
  ///
  /// Measured on two Zen 4 cores with 32 to 512 channels, batch 64 and 128. A rule rather than a trial at start-up, because another
  /// rounding would make two runs of one recipe differ.
  init?(_ convolution: Conv2D, inputShape shape: [Int], path: String, in graph: GraphBuilder) {
    guard
      convolution.kernelSize == 3, convolution.padding == 1, convolution.stride == 1, convolution.groups == 1,
      convolution.inputChannels % 16 == 0, convolution.outputChannels % 16 == 0,
      min(convolution.inputChannels, convolution.outputChannels) >= 32,
      min(shape[2], shape[3]) >= 4 || shape[2...] == [2, 2],
      graph.activationType == dnnl_bf16, Processor.multipliesBFloat16InVectors
    else { return nil }
    self.convolution = convolution
    self.path = path
    layer = winograd_layer(
      batch: shape[0], height: shape[2], width: shape[3], inputs: convolution.inputChannels,
      outputs: convolution.outputChannels)
  }

  /// Adds the convolution, with the gradients that are asked for.
  func build(_ x: Value, into graph: GraphBuilder) throws -> Value {
    graph.multiplyAdds += convolution.multiplyAdds(x.shape)
    let weight = try convolution.weightParameter(layout, path, graph)
    let bias = try convolution.hasBias ? convolution.biasParameter(path, graph) : nil
    let source = try graph.reordered(x, to: Self.layout(x.shape))
    let y = try Value(
      Self.layout(convolution.outputShape(x.shape)),
      needsGradient: x.needsGradient || graph.gradients.contains(.parameters))
    try addConvolution(
      layer, from: source, by: transformed(weight.value, of: weight.name, in: graph, winograd_weights),
      bias: bias?.value, to: y, name: "convolution \(path)", graph)

    graph.onBackward(of: y) { gradient in
      let placed = try graph.reordered(gradient, to: Self.layout(gradient.shape))
      if let weightGradient = weight.gradient {
        try addWeightGradient(placed, source: source, into: weightGradient, bias: bias?.gradient, to: graph)
      }
      if x.needsGradient {
        let result = try Value(Self.layout(x.shape))
        var reversed = layer
        swap(&reversed.inputs, &reversed.outputs)
        try addConvolution(
          reversed, from: placed, by: transformed(weight.value, of: weight.name, in: graph, winograd_reversed_weights),
          bias: nil, to: result, name: "input gradient of \(path)", graph)
        graph.addGradient(result, to: x)
      }
    }
    return y
  }

  /// Adds the convolution with its batch norm and, if it is one, a ReLU folded in.
  ///
  /// - Parameter folded: its weight is in `layout`.
  func build(_ x: Value, _ folded: FoldedNorm, hasReLU: Bool, into graph: GraphBuilder) throws -> Value {
    let scaled = try graph.leftover(layout)
    graph.prepare("fold into \(folded.name)") {
      let (weights, factors, result) = (folded.weight.floats, folded.factor.floats, scaled.floats)
      for i in weights.indices { result[i] = weights[i] * factors[i % factors.count] }
    }
    let source = try graph.reordered(x, to: Self.layout(x.shape))
    let y = try Value(Self.layout(convolution.outputShape(x.shape)), needsGradient: false)
    try addConvolution(
      layer, from: source, by: transformed(scaled, of: folded.name, in: graph, winograd_weights), bias: folded.shift,
      lowest: hasReLU ? 0 : -.infinity, to: y, name: "convolution \(path)", graph)
    return y
  }

  /// [N, C / 16, H, W, 16].
  private static func layout(_ shape: [Int]) -> Descriptor { ChannelMap.layout(of: Descriptor(shape, dnnl_bf16)) }

  /// The weight's layout: [3, 3, C, K] in memory.
  var layout: Descriptor {
    let (inputs, outputs) = (layer.inputs, layer.outputs)
    return Descriptor(
      [outputs, inputs, 3, 3], strides: [1, outputs, 3 * inputs * outputs, inputs * outputs], dnnl_f32)
  }

  private typealias Transform =
    @Sendable (winograd_layer, UnsafePointer<Float>?, UnsafeMutablePointer<UInt16>?, Int, Int) -> Void

  /// C K for each product of a tile.
  private var transformedCount: Int { winograd_number_count(layer) * layer.inputs * layer.outputs }

  /// Weights as the products want them, renewed whenever the weights have changed.
  private func transformed(
    _ weight: Value, of name: String, in graph: GraphBuilder, _ transform: @escaping Transform
  ) throws -> Value {
    let result = try graph.persistent(Descriptor([transformedCount], dnnl_bf16))
    let layer = layer
    graph.prepare("\(name) for its kernel") {
      let (taps, to) = (Memory(weight), Memory(result))
      ThreadTeam.run { thread in
        let range = ThreadTeam.range(of: thread, total: layer.inputs, granularity: 16)
        transform(layer, taps.floats, to.halves, range.lowerBound, range.count)
      }
    }
    return result
  }

  /// Adds the products of tiles and weights, so many tiles at a time as stay in a core's cache.
  private func addConvolution(
    _ layer: winograd_layer, from x: Value, by weights: Value, bias: Value?, lowest: Float = -.infinity, to y: Value,
    name: String, _ graph: GraphBuilder
  ) throws {
    let tiles = winograd_tile_count(layer)
    let block = max(6, 32_768 / (2 * layer.inputs + 256) / 6 * 6)
    let roomOfThread = winograd_convolve_scratch(layer, block)
    let room = try Value(Descriptor([ThreadTeam.count * roomOfThread], dnnl_u8))
    graph.add("\(name) (winograd)", reads: [x], writes: [y, room]) {
      let (from, by, to, scratch) = (Memory(x), Memory(weights), Memory(y), Memory(room))
      let constants = bias.map { Memory($0) }
      ThreadTeam.run { thread in
        let range = ThreadTeam.range(of: thread, total: tiles)
        for first in stride(from: range.lowerBound, to: range.upperBound, by: block) {
          winograd_convolve(
            layer, from.halves, by.halves, constants?.floats, lowest, to.halves, first,
            min(block, range.upperBound - first), scratch.bytes + thread * roomOfThread)
        }
      }
    }
  }

  /// Adds the weight's and the bias's gradient: the sums of each thread, added up in the threads' order.
  private func addWeightGradient(
    _ gradient: Value, source: Value, into weightGradient: Value, bias: Value?, to graph: GraphBuilder
  ) throws {
    let layer = layer
    let weights = transformedCount
    // Each thread sums a part of the tiles; where that takes too much memory, some share the tiles and divide the channels.
    let channelParts = min(ThreadTeam.count, max(1, weights * ThreadTeam.count / (1 << 24)))
    let tileParts = max(1, ThreadTeam.count / channelParts)
    let tiles = winograd_tile_count(layer)
    let roomOfThread = winograd_gradient_scratch(
      layer, ThreadTeam.largestPart(of: tiles, in: tileParts, granularity: 2),
      ThreadTeam.largestPart(of: layer.inputs, in: channelParts, granularity: 16))
    let room = try Value(Descriptor([ThreadTeam.count * roomOfThread], dnnl_u8))
    let sums = try Value(Descriptor([tileParts * weights]))
    let biasSums = try Value(Descriptor([tileParts, layer.outputs]))
    let hasBias = bias != nil
    graph.add(
      "weight gradient of \(path) (winograd)", reads: [source, gradient], writes: [room, sums, biasSums]
    ) {
      let (x, dy, scratch) = (Memory(source), Memory(gradient), Memory(room))
      let (parts, biasParts, taps) = (Memory(sums), Memory(biasSums), Memory(weightGradient))
      ThreadTeam.run { thread in
        let (tilePart, channelPart) = (thread / channelParts, thread % channelParts)
        guard tilePart < tileParts else { return }
        let range = ThreadTeam.range(of: tilePart, in: tileParts, total: tiles, granularity: 2)
        let channels = ThreadTeam.range(of: channelPart, in: channelParts, total: layer.inputs, granularity: 16)
        winograd_gradient(
          layer, x.halves, dy.halves, range.lowerBound, range.count, channels.lowerBound, channels.count,
          scratch.bytes + thread * roomOfThread, parts.floats + tilePart * weights,
          hasBias && channelPart == 0 ? biasParts.floats + tilePart * layer.outputs : nil)
      }
      ThreadTeam.run { thread in
        let range = ThreadTeam.range(of: thread, total: layer.inputs)
        winograd_gradient_total(layer, parts.floats, tileParts, range.lowerBound, range.count, taps.floats)
      }
      if let bias {
        let (total, parts) = (bias.floats, biasSums.floats)
        for k in total.indices { total[k] = (0..<tileParts).reduce(0) { $0 + parts[$1 * total.count + k] } }
      }
    }
  }

  /// A tensor's memory, for kernels on several threads that each write a part of it.
  private struct Memory: @unchecked Sendable {
    let bytes: UnsafeMutableRawPointer

    init(_ value: Value) { bytes = value.pointer }

    var floats: UnsafeMutablePointer<Float> { bytes.assumingMemoryBound(to: Float.self) }
    var halves: UnsafeMutablePointer<UInt16> { bytes.assumingMemoryBound(to: UInt16.self) }
  }
}
