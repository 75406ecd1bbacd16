internal import COneDNN

/// A linear map of everything a sample has: y = W x + b.
///
/// Shapes: [N, C, H, W] to [N, K]; a checkpoint has `weight` [K, C H W] in the order channel, row, column, `bias` [K].
/// First values: uniform on -b ... b with b = 1 / sqrt(C H W), as PyTorch's.
public struct Linear: Layer {
  /// C H W.
  public var inputCount: Int
  /// K.
  public var outputCount: Int

  /// Creates a linear layer.
  public init(inputCount: Int, outputCount: Int) {
    self.inputCount = inputCount
    self.outputCount = outputCount
  }

  /// Adds the product and its backward kernels.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let graph = graph.builder
    let x = input.value
    precondition(x.shape.dropFirst().reduce(1, *) == inputCount, "Linear's input has inputCount values a sample")
    graph.multiplyAdds += x.shape[0] * inputCount * outputCount
    let type = graph.activationType
    let weightShape = [outputCount] + x.shape.dropFirst()
    let source = x.descriptor.with(type: type)
    let target = Descriptor([x.shape[0], outputCount], type, layout: .any)
    let bias = Descriptor([outputCount])

    var operation = dnnl_inner_product_desc_t()
    let status = withPointers(source, Descriptor(weightShape, type, layout: .any), bias, target) {
      dnnl_inner_product_forward_desc_init(&operation, graph.forwardKind, $0, $1, $2, $3)
    }
    try OneDNN.check(status, "linear layer \(path)")
    let forward = try PrimitiveDescriptor("linear layer \(path)", operation)
    let weightKernel =
      graph.gradients.contains(.parameters)
      ? try weightGradientKernel(x, weightShape, type: type, forward, path) : nil
    let layout =
      weightKernel?.descriptor(dnnl_query_diff_weights_md)
      ?? forward.descriptor(dnnl_query_weights_md).with(type: dnnl_f32)
    let bound = 1 / Float(inputCount).squareRoot()
    let weight = try graph.parameter(
      path.appending(component: "weight"), layout, canonicalShape: [outputCount, inputCount],
      initial: .uniform(bound: bound))
    let biasParameter = try graph.parameter(
      path.appending(component: "bias"), bias, canonicalShape: [outputCount], initial: .uniform(bound: bound))

    let placedSource = try graph.reordered(x, to: forward.descriptor(dnnl_query_src_md))
    let placedWeight = try graph.weights(weight, as: forward.descriptor(dnnl_query_weights_md))
    let y = try Value(
      forward.descriptor(dnnl_query_dst_md), needsGradient: x.needsGradient || graph.gradients.contains(.parameters))
    try graph.add(
      forward,
      [
        (DNNL_ARG_SRC, placedSource), (DNNL_ARG_WEIGHTS, placedWeight), (DNNL_ARG_BIAS, biasParameter.value),
        (DNNL_ARG_DST, y),
      ], reads: [placedSource], writes: [y], rounding: [y])

    graph.onBackward(of: y) { gradient in
      if let weightKernel, let weightGradient = weight.gradient, let biasGradient = biasParameter.gradient {
        let placedSource = try graph.reordered(placedSource, to: weightKernel.descriptor(dnnl_query_src_md))
        let placedGradient = try graph.reordered(gradient, to: weightKernel.descriptor(dnnl_query_diff_dst_md))
        try graph.add(
          weightKernel,
          [
            (DNNL_ARG_SRC, placedSource), (DNNL_ARG_DIFF_DST, placedGradient), (DNNL_ARG_DIFF_WEIGHTS, weightGradient),
            (DNNL_ARG_DIFF_BIAS, biasGradient),
          ], reads: [placedSource, placedGradient], writes: [])
      }
      if x.needsGradient {
        try addInputGradient(
          gradient, of: x, weight: weight, weightShape: weightShape, forward: forward, path: path, to: graph)
      }
    }
    return TensorReference(value: y)
  }

  private func weightGradientKernel(
    _ x: Value, _ weightShape: [Int], type: dnnl_data_type_t, _ forward: PrimitiveDescriptor, _ path: String
  ) throws -> PrimitiveDescriptor {
    var operation = dnnl_inner_product_desc_t()
    let status = withPointers(
      forward.descriptor(dnnl_query_src_md), Descriptor(weightShape, dnnl_f32, layout: .any),
      Descriptor([outputCount]), Descriptor([x.shape[0], outputCount], type, layout: .any)
    ) { dnnl_inner_product_backward_weights_desc_init(&operation, $0, $1, $2, $3) }
    try OneDNN.check(status, "weight gradient of \(path)")
    return try PrimitiveDescriptor("weight gradient of \(path)", operation, forward: forward)
  }

  private func addInputGradient(
    _ gradient: Value, of x: Value, weight: Parameter, weightShape: [Int], forward: PrimitiveDescriptor, path: String,
    to graph: GraphBuilder
  ) throws {
    let type = graph.activationType
    var operation = dnnl_inner_product_desc_t()
    let status = withPointers(
      x.descriptor.with(type: type), Descriptor(weightShape, type, layout: .any), nil,
      Descriptor(gradient.shape, type, layout: .any)
    ) { source, weight, _, target in
      dnnl_inner_product_backward_data_desc_init(&operation, source, weight, target)
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
