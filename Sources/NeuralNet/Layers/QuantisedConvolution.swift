internal import COneDNN

/// A convolution with its batch norm folded in, whose products are those of 8-bit integers.
///
/// x = a q with q in 0 ... 255, or -127 ... 127 where x can be negative, and one a for the whole tensor: its largest value in the
/// batch that calibrates is the largest integer. w[k] = c[k] v with v in -127 ... 127, one c[k] for each channel.
///
/// y[k] = activation(a c[k] factor[k] (v * q)[k] + shift[k]), with the sums in 32-bit integers.
/// Source: Jacob et al. 2018, without zero points; factors by channel as in Krishnamoorthi 2018.
struct QuantisedConvolution {
  let convolution: Conv2D
  let activation: Activation?
  let path: String

  /// Whether 8 bits pay: a picture's few channels, and depthwise convolutions, leave the multipliers idle.
  static func suits(_ convolution: Conv2D, in graph: GraphBuilder) -> Bool {
    graph.precision == .int8 && convolution.groups == 1 && convolution.inputChannels >= 16
  }

  /// Adds two steps: one that turns the source into integers, and the kernel.
  func build(_ x: Value, _ folded: FoldedNorm, into graph: GraphBuilder) throws -> Value {
    guard let whole = WholeMapConvolution(convolution, inputShape: x.shape) else {
      return try build(x, folded, by: convolution, into: graph, placing: scaleChannel)
    }
    let wide = FoldedNorm(
      weight: folded.weight, factor: try whole.widened(folded.factor, of: folded.name, graph),
      shift: try whole.widened(folded.shift, of: folded.name, graph), name: folded.name)
    let y = try build(whole.widened(x, graph), wide, by: whole.wide, into: graph, placing: whole.widen)
    return try whole.narrowed(y, graph)
  }

  /// - Parameters:
  ///   - kernel: the convolution as it is computed.
  ///   - place: writes the weights of one of the convolution's channels to where the kernel has them, times a scale.
  private func build(
    _ x: Value, _ folded: FoldedNorm, by kernel: Conv2D, into graph: GraphBuilder,
    placing place:
      @escaping (
        _ weights: UnsafeBufferPointer<Float>, _ channel: Int, _ scale: Float, UnsafeMutableBufferPointer<Float>
      ) -> Void
  ) throws -> Value {
    let channels = Descriptor([1, kernel.outputChannels, 1, 1])
    let (factors, steps) = (try graph.persistent(channels), try graph.persistent(channels))
    let constants = try Value(channels, buffer: folded.shift.buffer, needsGradient: false)
    let attributes = try PrimitiveAttributes.scaling(channels, adding: channels, then: activation)
    let forward = try withExtendedLifetime(attributes) {
      try kernel.forwardKernel(
        x, graph: graph, hasBias: false, attributes: attributes.handle,
        formats: (x.isNonNegative ? dnnl_u8 : dnnl_s8, dnnl_s8), path: path)
    }
    let scaled = try graph.leftover(Descriptor(kernel.weightShape))
    let outputs = convolution.outputChannels
    graph.prepare("quantise \(folded.name)") {
      nonisolated(unsafe) let (steps, factors, target, place) = (
        steps.floats, folded.factor.floats, scaled.floats, place
      )
      forEachChannel(of: folded.weight.floats, count: outputs) { k, weights in
        let step = largestMagnitude(weights) / 127
        for i in stride(from: k, to: steps.count, by: outputs) { steps[i] = step * factors[i] }
        place(weights, k, 1 / step, target)
      }
    }
    let integers = try graph.weights(scaled, as: forward.descriptor(dnnl_query_weights_md), name: folded.name)

    let source = try Value(forward.descriptor(dnnl_query_src_md), needsGradient: false)
    let scale = try graph.persistent(Descriptor([1]))
    let quantise = try reorderPrimitive(from: x, to: source, scale: scale)
    let largestInteger: Float = x.isNonNegative ? 255 : 127
    let calibration = graph.calibration
    graph.add("quantise the input of \(path)", reads: [x], writes: [source]) {
      if calibration.isTakingPlace {
        let step = Calibration.largest(of: x) / largestInteger
        scale.floats[0] = 1 / step
        for k in factors.floats.indices { factors.floats[k] = steps.floats[k] * step }
      }
      try quantise.run()
    }
    let y = try Value(forward.descriptor(dnnl_query_dst_md), needsGradient: false)
    y.isNonNegative = activation?.isNonNegative ?? false
    try graph.add(
      forward,
      [
        (DNNL_ARG_SRC, source), (DNNL_ARG_WEIGHTS, integers), (PrimitiveAttributes.factorsArgument, factors),
        (PrimitiveAttributes.constantsArgument, constants), (DNNL_ARG_DST, y),
      ], reads: [source], writes: [y])
    return y
  }
}

/// Whether the present forward pass decides which values 8-bit integers stand for.
final class Calibration {
  var isTakingPlace = true

  /// The largest absolute value of a tensor: see `largestMagnitude`.
  static func largest(of value: Value) -> Float {
    guard value.descriptor.type == dnnl_bf16 else { return largestMagnitude(UnsafeBufferPointer(value.floats)) }
    let words = UnsafeBufferPointer(
      start: value.pointer.assumingMemoryBound(to: UInt16.self), count: value.descriptor.byteCount / 2)
    // Without their signs, numbers are in order as integers.
    return max(Float(bitPattern: UInt32(words.reduce(0) { max($0, $1 & 0x7fff) }) << 16), smallestMagnitude)
  }
}
