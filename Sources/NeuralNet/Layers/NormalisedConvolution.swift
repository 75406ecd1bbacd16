internal import COneDNN

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A convolution, the batch norm behind it and, if given, an activation.
///
/// Shapes: as the convolution's. Trained, these are layers one after the other. In a network that only predicts they are
/// one kernel: batch norm with fixed statistics is a factor and a constant for each channel, and goes into the weights.
///
/// Exposed by the batch norm's path, the output is that behind the activation; exposing the convolution's keeps them apart.
///
/// factor = gamma / sqrt(variance + eps), w' = w factor, b' = beta + (b - mean) factor.
public struct NormalisedConvolution: Layer {
  /// The convolution.
  public var convolution: Conv2D
  /// The non-linearity behind the batch norm; nil for none.
  public var activation: Activation?
  /// The convolution's name and the batch norm's.
  public var names: (convolution: String, norm: String)

  /// Creates the three layers.
  public init(_ convolution: Conv2D, _ activation: Activation?, names: (convolution: String, norm: String)) {
    self.convolution = convolution
    self.activation = activation
    self.names = names
  }

  /// Adds three layers, or one kernel.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let norm = BatchNorm2D(channels: convolution.outputChannels, fusesReLU: activation == .relu)
    let isConvolutionExposed = graph.builder.exposed.contains(path.appending(component: names.convolution))
    if graph.builder.mode == .inference, !graph.builder.hasBackward, !isConvolutionExposed {
      let result = try buildFolded(input.value, norm, graph.builder, path: path)
      try graph.builder.finishLayer(path.appending(component: names.norm), result.value)
      return result
    }
    var layers: [(name: String, layer: any Layer)] = [(names.convolution, convolution), (names.norm, norm)]
    if let activation, activation != .relu { layers.append(("", activation)) }
    let result = try Sequential(layers).build(input, into: graph, path: path)
    if layers.count == 3 { try graph.builder.finishLayer(path.appending(component: names.norm), result.value) }
    return result
  }

  private func buildFolded(_ x: Value, _ norm: BatchNorm2D, _ graph: GraphBuilder, path: String) throws
    -> TensorReference
  {
    let path = path.appending(component: names.convolution)
    let isQuantised = QuantisedConvolution.suits(convolution, in: graph)
    let canBeWinograd = !isQuantised && (activation == nil || activation == .relu)
    let winograd =
      canBeWinograd ? WinogradConvolution(convolution, inputShape: x.shape, path: path, in: graph) : nil
    let folded = try folded(norm, graph, path: path, layout: winograd?.layout)
    graph.multiplyAdds += convolution.multiplyAdds(x.shape)
    if isQuantised {
      return TensorReference(
        value: try QuantisedConvolution(convolution: convolution, activation: activation, path: path)
          .build(x, folded, into: graph))
    }
    if let winograd {
      let y = try winograd.build(x, folded, hasReLU: activation != nil, into: graph)
      y.isNonNegative = activation?.isNonNegative ?? false
      return TensorReference(value: y)
    }
    let scaled = try graph.leftover(folded.weight.descriptor)
    graph.prepare("fold into \(folded.name)") {
      let factors = folded.factor.floats
      scaleChannels(of: folded.weight.floats, to: scaled.floats, count: factors.count) { k, _ in factors[k] }
    }
    if let whole = WholeMapConvolution(convolution, inputShape: x.shape), whole.isInnerProduct {
      let y = try whole.build(x, folded, scaled: scaled, activation: activation, into: graph, path: path)
      y.isNonNegative = activation?.isNonNegative ?? false
      return TensorReference(value: y)
    }
    let attributes = try activation.map { try PrimitiveAttributes(appending: $0) }
    let forward = try withExtendedLifetime(attributes) {
      try convolution.forwardKernel(x, graph: graph, hasBias: true, attributes: attributes?.handle, path: path)
    }
    let placedSource = try graph.reordered(x, to: forward.descriptor(dnnl_query_src_md))
    let placedWeight = try graph.weights(scaled, as: forward.descriptor(dnnl_query_weights_md), name: folded.name)
    let y = try Value(forward.descriptor(dnnl_query_dst_md), needsGradient: false)
    y.isNonNegative = activation?.isNonNegative ?? false
    try graph.add(
      forward,
      [
        (DNNL_ARG_SRC, placedSource), (DNNL_ARG_WEIGHTS, placedWeight), (DNNL_ARG_BIAS, folded.shift),
        (DNNL_ARG_DST, y),
      ], reads: [placedSource], writes: [y], rounding: [y])
    return TensorReference(value: y)
  }

  /// Declares the parameters, the weight row-major unless told otherwise, and adds the step that turns the batch norm into two
  /// numbers a channel.
  private func folded(
    _ norm: BatchNorm2D, _ graph: GraphBuilder, path: String, layout: Descriptor?
  ) throws -> FoldedNorm {
    let normPath = String(path.dropLast(names.convolution.count)) + names.norm
    let weight = try convolution.weightParameter(layout ?? Descriptor(convolution.weightShape), path, graph)
    let bias = try convolution.hasBias ? convolution.biasParameter(path, graph) : nil
    let statistics = try norm.declare(path: normPath, in: graph)
    let channels = Descriptor([convolution.outputChannels])
    let (factor, shift) = (try graph.persistent(channels), try graph.persistent(channels))
    let epsilon = norm.epsilon
    graph.prepare("fold \(normPath)") {
      // Asking a value for its memory costs more than a multiplication.
      let (factors, shifts) = (factor.floats, shift.floats)
      let (gamma, beta) = (statistics.weight.value.floats, statistics.bias.value.floats)
      let (mean, variance) = (statistics.mean.value.floats, statistics.variance.value.floats)
      let constants = bias?.value.floats
      for k in shifts.indices {
        factors[k] = gamma[k] / sqrtf(variance[k] + epsilon)
        shifts[k] = beta[k] + ((constants?[k] ?? 0) - mean[k]) * factors[k]
      }
    }
    return FoldedNorm(weight: weight.value, factor: factor, shift: shift, name: weight.name)
  }
}

/// A convolution's weight, and the batch norm behind it as factor and constant: y[k] = factor[k] (w * x)[k] + shift[k].
struct FoldedNorm {
  let weight: Value
  let factor: Value
  let shift: Value
  /// The weight's.
  let name: String
}
