internal import COneDNN

/// Two-dimensional convolution (cross-correlation, as every framework has it).
///
/// Shapes: [N, C, H, W] to [N, K, (H + 2p - k) / s + 1, (W + 2p - k) / s + 1].
/// Parameters: `weight` [K, C / g, k, k], Kaiming-normal by fan-out; `bias` [K] if asked for.
public struct Conv2D: Layer {
  /// C.
  public var inputChannels: Int
  /// K; multiples of 16 suit the kernels.
  public var outputChannels: Int
  /// k, the same in both directions.
  public var kernelSize: Int
  /// s.
  public var stride: Int
  /// p, rows and columns of zeros on each side.
  public var padding: Int
  /// g: the channels are dealt out to so many convolutions of their own; C makes it depthwise.
  public var groups: Int
  /// Adds a learned constant to each output channel.
  public var hasBias: Bool

  /// Creates a convolution; the padding keeps the size at stride 1 unless given.
  public init(
    inputChannels: Int, outputChannels: Int, kernelSize: Int, stride: Int = 1, padding: Int? = nil, groups: Int = 1,
    hasBias: Bool = false
  ) {
    precondition(
      inputChannels % groups == 0 && outputChannels % groups == 0, "Every group has the same number of channels")
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding ?? kernelSize / 2
    self.groups = groups
    self.hasBias = hasBias
  }

  /// Adds the convolution and its two backward kernels.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let graph = graph.builder
    let x = input.value
    if let winograd = WinogradConvolution(self, inputShape: x.shape, path: path, in: graph) {
      return TensorReference(value: try winograd.build(x, into: graph))
    }
    if !hasBias, let whole = WholeMapConvolution(self, inputShape: x.shape), whole.isInnerProduct {
      return TensorReference(value: try whole.build(x, into: graph, path: path))
    }
    graph.multiplyAdds += multiplyAdds(x.shape)
    let forward = try forwardKernel(x, graph: graph, hasBias: hasBias, path: path)
    let tapwise = TapwiseWeightGradient(
      convolution: self, inputShape: x.shape, outputShape: outputShape(x.shape), path: path)
    let usesTaps = tapwise.isFaster(in: graph.activationType)
    let backward =
      graph.gradients.contains(.parameters) && !usesTaps ? try weightGradientKernel(x, forward, graph, path) : nil
    let layout =
      usesTaps
      ? tapwise.layout
      : backward?.descriptor(dnnl_query_diff_weights_md)
        ?? forward.descriptor(dnnl_query_weights_md).with(type: dnnl_f32)
    let weight = try weightParameter(layout, path, graph)
    let bias = try hasBias ? biasParameter(path, graph) : nil

    let placedSource = try graph.reordered(x, to: forward.descriptor(dnnl_query_src_md))
    let placedWeight = try graph.weights(weight, as: forward.descriptor(dnnl_query_weights_md))
    let y = try Value(
      forward.descriptor(dnnl_query_dst_md), needsGradient: x.needsGradient || graph.gradients.contains(.parameters))
    var arguments = [(DNNL_ARG_SRC, placedSource), (DNNL_ARG_WEIGHTS, placedWeight), (DNNL_ARG_DST, y)]
    if let bias { arguments.append((DNNL_ARG_BIAS, bias.value)) }
    try graph.add(forward, arguments, reads: [placedSource], writes: [y], rounding: [y])

    graph.onBackward(of: y) { gradient in
      if usesTaps, let weightGradient = weight.gradient {
        try tapwise.add(
          gradient, source: placedSource, into: weightGradient, bias: bias?.gradient, to: graph)
      }
      if let backward {
        try addWeightGradient(backward, gradient, source: placedSource, weight: weight, bias: bias, to: graph)
      }
      if x.needsGradient {
        try addInputGradient(gradient, of: x, weight: weight, forward: forward, path: path, to: graph)
      }
    }
    return TensorReference(value: y)
  }

  // MARK: Shapes and parameters

  /// [N, K, H', W'].
  func outputShape(_ shape: [Int]) -> [Int] {
    precondition(shape.count == 4 && shape[1] == inputChannels, "Conv2D's input has inputChannels channels")
    return [shape[0], outputChannels] + shape[2...].map { ($0 + 2 * padding - kernelSize) / stride + 1 }
  }

  /// Multiplications for an input of this shape, those with padding included.
  func multiplyAdds(_ shape: [Int]) -> Int {
    outputShape(shape).reduce(1, *) * (inputChannels / groups) * kernelSize * kernelSize
  }

  /// [K, C / g, k, k], as a checkpoint has it.
  var canonicalWeightShape: [Int] { [outputChannels, inputChannels / groups, kernelSize, kernelSize] }

  /// As the kernels have it: grouped weights have an axis for the groups.
  var weightShape: [Int] {
    groups == 1
      ? canonicalWeightShape : [groups, outputChannels / groups, inputChannels / groups, kernelSize, kernelSize]
  }

  func weightParameter(_ layout: Descriptor, _ path: String, _ graph: GraphBuilder) throws -> Parameter {
    try graph.parameter(
      path.appending(component: "weight"), layout, canonicalShape: canonicalWeightShape,
      initial: .kaimingNormal(fanOut: outputChannels * kernelSize * kernelSize))
  }

  func biasParameter(_ path: String, _ graph: GraphBuilder) throws -> Parameter {
    let fanIn = inputChannels / groups * kernelSize * kernelSize
    return try graph.parameter(
      path.appending(component: "bias"), Descriptor([outputChannels]), canonicalShape: [outputChannels],
      initial: .uniform(bound: 1 / Float(fanIn).squareRoot()))
  }

  // MARK: Kernels

  /// Chooses the forward kernel; `attributes` may append operations to it, `formats` are the number formats of source and
  /// weights where they are not those of activations.
  ///
  /// Also for inference the kernel is one for training: those for inference alone (oneDNN 2.6's `brgconv`) are slower on
  /// small maps.
  func forwardKernel(
    _ x: Value, graph: GraphBuilder, hasBias: Bool, attributes: dnnl_primitive_attr_t? = nil,
    formats: (source: dnnl_data_type_t, weight: dnnl_data_type_t)? = nil, path: String
  ) throws -> PrimitiveDescriptor {
    let type = graph.activationType
    let output = outputShape(x.shape)
    let bias = hasBias ? Descriptor([outputChannels]) : nil
    var operation = dnnl_convolution_desc_t()
    let status = withPointers(
      Descriptor(x.shape, formats?.source ?? type, layout: .any),
      Descriptor(weightShape, formats?.weight ?? type, layout: .any), bias, Descriptor(output, type, layout: .any)
    ) { source, weight, bias, target in
      dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_training, formats == nil ? algorithm(output) : dnnl_convolution_direct, source, weight,
        bias, target, strides, paddings, paddings)
    }
    try OneDNN.check(status, "convolution \(path)")
    return try PrimitiveDescriptor("convolution \(path)", operation, attributes: attributes)
  }

  /// Winograd's tiles of 4x4 outputs are mostly empty on smaller maps.
  private func algorithm(_ output: [Int]) -> dnnl_alg_kind_t {
    min(output[2], output[3]) < 3 ? dnnl_convolution_direct : dnnl_convolution_auto
  }

  private var strides: [dnnl_dim_t] { [dnnl_dim_t(stride), dnnl_dim_t(stride)] }
  private var paddings: [dnnl_dim_t] { [dnnl_dim_t(padding), dnnl_dim_t(padding)] }

  /// Backward by weights gives 32-bit gradients whatever the activations are: it is the faster kernel, and what
  /// master weights want.
  private func weightGradientKernel(
    _ x: Value, _ forward: PrimitiveDescriptor, _ graph: GraphBuilder, _ path: String
  ) throws -> PrimitiveDescriptor {
    let type = graph.activationType
    let output = outputShape(x.shape)
    let bias = hasBias ? Descriptor([outputChannels]) : nil
    var operation = dnnl_convolution_desc_t()
    // The source's layout is free here too: the fastest kernel may want another one than the forward pass.
    let status = withPointers(
      Descriptor(x.shape, type, layout: .any), Descriptor(weightShape, dnnl_f32, layout: .any), bias,
      Descriptor(output, type, layout: .any)
    ) { source, weight, bias, target in
      dnnl_convolution_backward_weights_desc_init(
        &operation, dnnl_convolution_auto, source, weight, bias, target, strides, paddings, paddings)
    }
    try OneDNN.check(status, "weight gradient of \(path)")
    return try PrimitiveDescriptor("weight gradient of \(path)", operation, forward: forward)
  }

  private func addWeightGradient(
    _ kernel: PrimitiveDescriptor, _ gradient: Value, source: Value, weight: Parameter, bias: Parameter?,
    to graph: GraphBuilder
  ) throws {
    guard let weightGradient = weight.gradient else { return }
    let placedSource = try graph.reordered(source, to: kernel.descriptor(dnnl_query_src_md))
    let placedGradient = try graph.reordered(gradient, to: kernel.descriptor(dnnl_query_diff_dst_md))
    var arguments = [
      (DNNL_ARG_SRC, placedSource), (DNNL_ARG_DIFF_DST, placedGradient), (DNNL_ARG_DIFF_WEIGHTS, weightGradient),
    ]
    if let biasGradient = bias?.gradient { arguments.append((DNNL_ARG_DIFF_BIAS, biasGradient)) }
    try graph.add(kernel, arguments, reads: [placedSource, placedGradient], writes: [])
  }

  private func addInputGradient(
    _ gradient: Value, of x: Value, weight: Parameter, forward: PrimitiveDescriptor, path: String,
    to graph: GraphBuilder
  ) throws {
    let type = graph.activationType
    var operation = dnnl_convolution_desc_t()
    let status = withPointers(
      Descriptor(x.shape, type, layout: .any), Descriptor(weightShape, type, layout: .any), nil,
      Descriptor(gradient.shape, type, layout: .any)
    ) { source, weight, _, target in
      dnnl_convolution_backward_data_desc_init(
        &operation, algorithm(gradient.shape), source, weight, target, strides, paddings, paddings)
    }
    try OneDNN.check(status, "input gradient of \(path)")
    let kernel = try PrimitiveDescriptor("input gradient of \(path)", operation, forward: forward)
    let placedGradient = try graph.reordered(gradient, to: kernel.descriptor(dnnl_query_diff_dst_md))
    let placedWeight = try graph.weights(weight, as: kernel.descriptor(dnnl_query_weights_md))
    let result = try Value(kernel.descriptor(dnnl_query_diff_src_md))
    try graph.add(
      kernel, [(DNNL_ARG_DIFF_DST, placedGradient), (DNNL_ARG_WEIGHTS, placedWeight), (DNNL_ARG_DIFF_SRC, result)],
      reads: [placedGradient], writes: [result], rounding: [result])
    graph.addGradient(result, to: x)
  }
}

/// Hands four descriptors to C as pointers; a missing one becomes a null pointer.
func withPointers<Result>(
  _ a: Descriptor, _ b: Descriptor, _ c: Descriptor?, _ d: Descriptor,
  _ body: (
    UnsafePointer<dnnl_memory_desc_t>, UnsafePointer<dnnl_memory_desc_t>, UnsafePointer<dnnl_memory_desc_t>?,
    UnsafePointer<dnnl_memory_desc_t>
  ) -> Result
) -> Result {
  withUnsafePointer(to: a.raw) { a in
    withUnsafePointer(to: b.raw) { b in
      withUnsafePointer(to: d.raw) { d in
        guard let c else { return body(a, b, nil, d) }
        return withUnsafePointer(to: c.raw) { c in body(a, b, c, d) }
      }
    }
  }
}
