internal import COneDNN

/// The largest value under a window.
///
/// Shapes: [N, C, H, W] to [N, C, (H + 2p - k) / s + 1, ...].
public struct MaxPool2D: Layer {
  /// k, the same in both directions.
  public var kernelSize: Int
  /// s.
  public var stride: Int
  /// p; padded places never win.
  public var padding: Int

  /// Creates a pooling layer.
  public init(kernelSize: Int, stride: Int, padding: Int = 0) {
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  /// Adds the pooling and its backward kernel.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let shape = input.shape
    let output = shape[2...].map { ($0 + 2 * padding - kernelSize) / stride + 1 }
    return try addPooling(
      dnnl_pooling_max, input.value, output: output, kernel: [kernelSize, kernelSize], stride: [stride, stride],
      padding: [padding, padding], to: graph.builder, name: "max pooling \(path)")
  }
}

/// The mean over height and width.
///
/// Shapes: [N, C, H, W] to [N, C, 1, 1].
public struct GlobalAveragePool2D: Layer {
  /// Creates a pooling layer.
  public init() {}

  /// Adds the pooling and its backward kernel.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let size = Array(input.shape[2...])
    return try addPooling(
      dnnl_pooling_avg_exclude_padding, input.value, output: [1, 1], kernel: size, stride: size, padding: [0, 0],
      to: graph.builder, name: "average pooling \(path)")
  }
}

private func addPooling(
  _ kind: dnnl_alg_kind_t, _ x: Value, output: [Int], kernel: [Int], stride: [Int], padding: [Int],
  to graph: GraphBuilder, name: String
) throws -> TensorReference {
  let outputShape = [x.shape[0], x.shape[1]] + output
  let kernel = kernel.map { dnnl_dim_t($0) }
  let stride = stride.map { dnnl_dim_t($0) }
  let left = padding.map { dnnl_dim_t($0) }
  // The right padding is what the last window really reaches, which oneDNN wants to be exact.
  let right = (0..<2).map { (axis: Int) -> dnnl_dim_t in
    let reach = dnnl_dim_t(output[axis] - 1) * stride[axis] + kernel[axis]
    return reach - dnnl_dim_t(x.shape[2 + axis]) - left[axis]
  }
  var operation = dnnl_pooling_desc_t()
  let target = Descriptor(outputShape, x.descriptor.type, layout: .any)
  let status = withPointers(x.descriptor, target, nil, target) { source, target, _, _ in
    dnnl_pooling_forward_desc_init(&operation, graph.forwardKind, kind, source, target, stride, kernel, left, right)
  }
  try OneDNN.check(status, name)
  let forward = try PrimitiveDescriptor(name, operation)
  let y = try Value(forward.descriptor(dnnl_query_dst_md), needsGradient: x.needsGradient)
  y.isNonNegative = x.isNonNegative
  let workspace =
    kind == dnnl_pooling_max && graph.hasBackward ? try Value(forward.descriptor(dnnl_query_workspace_md)) : nil
  var arguments = [(DNNL_ARG_SRC, x), (DNNL_ARG_DST, y)]
  if let workspace { arguments.append((DNNL_ARG_WORKSPACE, workspace)) }
  try graph.add(
    forward, arguments, reads: [x], writes: [y] + (workspace.map { [$0] } ?? []), rounding: [y])

  graph.onBackward(of: y) { gradient in
    guard x.needsGradient else { return }
    var operation = dnnl_pooling_desc_t()
    let status = withPointers(x.descriptor, y.descriptor, nil, y.descriptor) { source, target, _, _ in
      dnnl_pooling_backward_desc_init(&operation, kind, source, target, stride, kernel, left, right)
    }
    try OneDNN.check(status, "gradient of \(name)")
    let backward = try PrimitiveDescriptor("gradient of \(name)", operation, forward: forward)
    let placedGradient = try graph.reordered(gradient, to: y.descriptor)
    let result = try Value(x.descriptor)
    var arguments = [(DNNL_ARG_DIFF_DST, placedGradient), (DNNL_ARG_DIFF_SRC, result)]
    var reads = [placedGradient]
    if let workspace {
      arguments.append((DNNL_ARG_WORKSPACE, workspace))
      reads.append(workspace)
    }
    try graph.add(backward, arguments, reads: reads, writes: [result], rounding: [result])
    graph.addGradient(result, to: x)
  }
  return TensorReference(value: y)
}
