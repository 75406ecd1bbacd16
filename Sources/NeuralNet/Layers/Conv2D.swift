internal import COneDNN

/// Two-dimensional convolution (cross-correlation, as every framework has it).
///
/// Shapes: [N, C, H, W] to [N, K, (H + 2p - k) / s + 1, (W + 2p - k) / s + 1].
/// Parameters: `weight` [K, C, k, k], Kaiming-normal by fan-out; `bias` [K] if asked for.
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
  /// Adds a learned constant to each output channel.
  public var hasBias: Bool

  /// Creates a convolution; the padding keeps the size at stride 1 unless given.
  public init(
    inputChannels: Int, outputChannels: Int, kernelSize: Int, stride: Int = 1, padding: Int? = nil,
    hasBias: Bool = false
  ) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding ?? kernelSize / 2
    self.hasBias = hasBias
  }

  /// Adds the convolution and its two backward kernels.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let graph = graph.builder
    let x = input.value
    precondition(x.shape.count == 4 && x.shape[1] == inputChannels, "Conv2D's input has inputChannels channels")
    let type = graph.activationType
    let size = x.shape[2...].map { ($0 + 2 * padding - kernelSize) / stride + 1 }
    let outputShape = [x.shape[0], outputChannels, size[0], size[1]]
    let weightShape = [outputChannels, inputChannels, kernelSize, kernelSize]
    let source = Descriptor(x.shape, type, layout: .any)
    let weight = Descriptor(weightShape, type, layout: .any)
    let target = Descriptor(outputShape, type, layout: .any)
    let bias = hasBias ? Descriptor([outputChannels]) : nil

    var operation = dnnl_convolution_desc_t()
    let status = withPointers(source, weight, bias, target) { source, weight, bias, target in
      dnnl_convolution_forward_desc_init(
        &operation, graph.forwardKind, dnnl_convolution_auto, source, weight, bias, target, strides, paddings, paddings)
    }
    try OneDNN.check(status, "convolution \(path)")
    let forward = try PrimitiveDescriptor("convolution \(path)", operation)

    let backward =
      graph.gradients.contains(.parameters)
      ? try weightGradientKernel(source, outputShape, bias, forward, path, type: type) : nil
    let layout =
      backward?.descriptor(dnnl_query_diff_weights_md) ?? forward.descriptor(dnnl_query_weights_md).with(type: dnnl_f32)
    let weightParameter = try graph.parameter(
      path.appending(component: "weight"), layout, canonicalShape: weightShape,
      initial: .kaimingNormal(fanOut: outputChannels * kernelSize * kernelSize))
    let biasParameter =
      try hasBias
      ? graph.parameter(
        path.appending(component: "bias"), Descriptor([outputChannels]), canonicalShape: [outputChannels],
        initial: .uniform(bound: 1 / Float(inputChannels * kernelSize * kernelSize).squareRoot()))
      : nil

    let placedSource = try graph.reordered(x, to: forward.descriptor(dnnl_query_src_md))
    let placedWeight = try graph.weights(weightParameter, as: forward.descriptor(dnnl_query_weights_md))
    let y = try Value(
      forward.descriptor(dnnl_query_dst_md), needsGradient: x.needsGradient || graph.gradients.contains(.parameters))
    var arguments = [(DNNL_ARG_SRC, placedSource), (DNNL_ARG_WEIGHTS, placedWeight), (DNNL_ARG_DST, y)]
    if let biasParameter { arguments.append((DNNL_ARG_BIAS, biasParameter.value)) }
    try graph.add(forward, arguments, reads: [placedSource], writes: [y], rounding: [y])

    graph.onBackward(of: y) { gradient in
      if let backward {
        try addWeightGradient(
          backward, gradient, source: placedSource, weight: weightParameter, bias: biasParameter, to: graph)
      }
      if x.needsGradient {
        try addInputGradient(gradient, of: x, weight: weightParameter, forward: forward, path: path, to: graph)
      }
    }
    return TensorReference(value: y)
  }

  private var strides: [dnnl_dim_t] { [dnnl_dim_t(stride), dnnl_dim_t(stride)] }
  private var paddings: [dnnl_dim_t] { [dnnl_dim_t(padding), dnnl_dim_t(padding)] }

  /// Backward by weights gives 32-bit gradients whatever the activations are: it is the faster kernel, and what
  /// master weights want.
  private func weightGradientKernel(
    _ source: Descriptor, _ outputShape: [Int], _ bias: Descriptor?, _ forward: PrimitiveDescriptor, _ path: String,
    type: dnnl_data_type_t
  ) throws -> PrimitiveDescriptor {
    let weight = Descriptor([outputChannels, inputChannels, kernelSize, kernelSize], dnnl_f32, layout: .any)
    var operation = dnnl_convolution_desc_t()
    // The source's layout is free here too: for maps of 2x2 no fast kernel takes the forward pass's.
    let status = withPointers(source, weight, bias, Descriptor(outputShape, type, layout: .any)) {
      source, weight, bias, target in
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
    let weightShape = [outputChannels, inputChannels, kernelSize, kernelSize]
    var operation = dnnl_convolution_desc_t()
    let status = withPointers(
      Descriptor(x.shape, type, layout: .any), Descriptor(weightShape, type, layout: .any), nil,
      Descriptor(gradient.shape, type, layout: .any)
    ) { source, weight, _, target in
      dnnl_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_auto, source, weight, target, strides, paddings, paddings)
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
