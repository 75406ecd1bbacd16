internal import COneDNN

/// Batch normalisation over N, H and W, with the ReLU that follows it fused in if asked for.
///
/// y = weight (x - mean) / sqrt(variance + 1e-5) + bias. Training takes mean and (biased) variance from the batch and
/// moves the running statistics by `momentum`, the variance with n / (n - 1); inference uses the running ones.
/// Shapes: [N, C, H, W] to the same. Parameters: `weight` [C] = 1, `bias` [C] = 0; states: `running_mean`,
/// `running_var`, `num_batches_tracked`. Source: Ioffe and Szegedy 2015; PyTorch's conventions.
public struct BatchNorm2D: Layer {
  /// C.
  public var channels: Int
  /// Applies max(0, y) in the same kernel.
  public var fusesReLU: Bool
  /// The share of the batch's statistics in the running ones.
  public var momentum: Float
  /// Added to the variance.
  public var epsilon: Float

  /// Creates a batch norm with PyTorch's defaults.
  public init(channels: Int, fusesReLU: Bool = false, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    self.channels = channels
    self.fusesReLU = fusesReLU
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// Adds the normalisation, the update of the running statistics and the backward kernel.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let graph = graph.builder
    let x = input.value
    precondition(x.shape.count == 4 && x.shape[1] == channels, "BatchNorm2D's input has `channels` channels")
    let vector = Descriptor([channels])
    let tensors = try declare(path: path, in: graph)
    let (weight, bias, runningMean, runningVariance) = (tensors.weight, tensors.bias, tensors.mean, tensors.variance)
    let batches = tensors.batches

    let usesBatch = graph.mode == .training
    var flags = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
    if fusesReLU { flags |= dnnl_fuse_norm_relu.rawValue }
    if !usesBatch { flags |= dnnl_use_global_stats.rawValue }
    var operation = dnnl_batch_normalization_desc_t()
    let status = withUnsafePointer(to: x.descriptor.raw) {
      dnnl_batch_normalization_forward_desc_init(&operation, graph.forwardKind, $0, epsilon, flags)
    }
    try OneDNN.check(status, "batch norm \(path)")
    let forward = try PrimitiveDescriptor("batch norm \(path)", operation)

    let y = try Value(x.descriptor, needsGradient: x.needsGradient || graph.gradients.contains(.parameters))
    let mean = usesBatch ? try Value(vector) : runningMean.value
    let variance = usesBatch ? try Value(vector) : runningVariance.value
    let workspace =
      fusesReLU && graph.hasBackward ? try Value(forward.descriptor(dnnl_query_workspace_md)) : nil
    var arguments = [
      (DNNL_ARG_SRC, x), (DNNL_ARG_DST, y), (DNNL_ARG_MEAN, mean), (DNNL_ARG_VARIANCE, variance),
      (DNNL_ARG_SCALE, weight.value), (DNNL_ARG_SHIFT, bias.value),
    ]
    var kept = usesBatch ? [mean, variance] : []
    if let workspace {
      arguments.append((DNNL_ARG_WORKSPACE, workspace))
      kept.append(workspace)
    }
    let statistics = usesBatch ? [] : [mean, variance]
    try graph.add(forward, arguments, reads: [x] + statistics, writes: [y] + kept, rounding: [y])

    if usesBatch {
      let count = Float(x.shape[0] * x.shape[2] * x.shape[3])
      let (momentum, correction) = (momentum, count > 1 ? count / (count - 1) : 1)
      graph.add("running statistics of \(path)", reads: [mean, variance], writes: []) {
        move(runningMean.value.floats, towards: mean.floats, by: momentum, scale: 1)
        move(runningVariance.value.floats, towards: variance.floats, by: momentum, scale: correction)
        batches.value.floats[0] += 1
      }
    }
    graph.onBackward(of: y) { gradient in
      try addBackward(
        gradient, x: x, forward: forward, flags: flags, statistics: (mean, variance), weight: weight, bias: bias,
        workspace: workspace, path: path, to: graph)
    }
    return TensorReference(value: y)
  }

  /// The parameters and states under torchvision's names.
  func declare(path: String, in graph: GraphBuilder) throws -> (
    weight: Parameter, bias: Parameter, mean: Parameter, variance: Parameter, batches: Parameter
  ) {
    let vector = Descriptor([channels])
    func parameter(_ name: String, _ value: Float) throws -> Parameter {
      try graph.parameter(
        path.appending(component: name), vector, canonicalShape: [channels], initial: .constant(value))
    }
    func state(_ name: String, count: Int, _ value: Float) throws -> Parameter {
      try graph.state(path.appending(component: name), count: count, initial: .constant(value))
    }
    return try (
      parameter("weight", 1), parameter("bias", 0), state("running_mean", count: channels, 0),
      state("running_var", count: channels, 1), state("num_batches_tracked", count: 1, 0)
    )
  }

  private func addBackward(
    _ gradient: Value, x: Value, forward: PrimitiveDescriptor, flags: UInt32,
    statistics: (mean: Value, variance: Value), weight: Parameter, bias: Parameter, workspace: Value?, path: String,
    to graph: GraphBuilder
  ) throws {
    let placedGradient = try graph.reordered(gradient, to: x.descriptor)
    var operation = dnnl_batch_normalization_desc_t()
    let status = withUnsafePointer(to: x.descriptor.raw) {
      dnnl_batch_normalization_backward_desc_init(&operation, dnnl_backward, $0, $0, epsilon, flags)
    }
    try OneDNN.check(status, "gradient of batch norm \(path)")
    let kernel = try PrimitiveDescriptor("gradient of batch norm \(path)", operation, forward: forward)
    let result = try Value(x.descriptor)
    // The kernel always writes the two parameter gradients, wanted or not.
    let weightGradient = try weight.gradient ?? Value(Descriptor([channels]))
    let biasGradient = try bias.gradient ?? Value(Descriptor([channels]))
    var arguments = [
      (DNNL_ARG_SRC, x), (DNNL_ARG_MEAN, statistics.mean), (DNNL_ARG_VARIANCE, statistics.variance),
      (DNNL_ARG_DIFF_DST, placedGradient), (DNNL_ARG_SCALE, weight.value), (DNNL_ARG_SHIFT, bias.value),
      (DNNL_ARG_DIFF_SRC, result), (DNNL_ARG_DIFF_SCALE, weightGradient), (DNNL_ARG_DIFF_SHIFT, biasGradient),
    ]
    var reads = [x, statistics.mean, statistics.variance, placedGradient]
    if let workspace {
      arguments.append((DNNL_ARG_WORKSPACE, workspace))
      reads.append(workspace)
    }
    let scratch = [weight.gradient == nil ? weightGradient : nil, bias.gradient == nil ? biasGradient : nil]
    try graph.add(kernel, arguments, reads: reads, writes: [result] + scratch.compactMap { $0 }, rounding: [result])
    if x.needsGradient { graph.addGradient(result, to: x) }
  }
}

private func move(
  _ running: UnsafeMutableBufferPointer<Float>, towards batch: UnsafeMutableBufferPointer<Float>, by momentum: Float,
  scale: Float
) {
  for i in 0..<running.count { running[i] += momentum * (batch[i] * scale - running[i]) }
}
