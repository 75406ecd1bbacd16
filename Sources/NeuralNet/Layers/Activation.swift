internal import COneDNN

/// An elementwise non-linearity.
///
/// Shapes: any to the same.
public enum Activation: String, Layer, CaseIterable, Codable {
  /// max(0, x).
  case relu
  /// x tanh(ln(1 + e^x)): Misra 2019.
  case mish
  /// min(max(0, x), 6): MobileNet's ReLU.
  case relu6

  /// Adds the function and its derivative.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let graph = graph.builder
    let x = input.value
    var operation = dnnl_eltwise_desc_t()
    let status = withUnsafePointer(to: x.descriptor.raw) {
      dnnl_eltwise_forward_desc_init(&operation, graph.forwardKind, kind, $0, 0, upperBound)
    }
    try OneDNN.check(status, "\(rawValue) \(path)")
    let forward = try PrimitiveDescriptor("\(rawValue) \(path)", operation)
    let y = try Value(x.descriptor, needsGradient: x.needsGradient)
    y.isNonNegative = isNonNegative
    try graph.add(forward, [(DNNL_ARG_SRC, x), (DNNL_ARG_DST, y)], reads: [x], writes: [y], rounding: [y])
    graph.onBackward(of: y) { gradient in
      guard x.needsGradient else { return }
      let result = try addBackward(gradient, x: x, y: y, forward: forward, path: path, to: graph)
      graph.addGradient(result, to: x)
    }
    return TensorReference(value: y)
  }

  /// True when no result is below zero, whatever the input.
  var isNonNegative: Bool { self != .mish }

  /// oneDNN's name of the function.
  var kind: dnnl_alg_kind_t {
    switch self {
    case .relu: dnnl_eltwise_relu
    case .mish: dnnl_eltwise_mish
    case .relu6: dnnl_eltwise_clip
    }
  }

  /// The second number oneDNN wants with it; the first is 0.
  var upperBound: Float { self == .relu6 ? 6 : 0 }

  /// Adds the derivative.
  ///
  /// ReLU's is read off the output, so that the input need not be kept.
  func addBackward(
    _ gradient: Value, x: Value?, y: Value, forward: PrimitiveDescriptor?, path: String, to graph: GraphBuilder
  ) throws -> Value {
    let kept = self == .relu ? y : (x ?? y)
    let kind = self == .relu ? dnnl_eltwise_relu_use_dst_for_bwd : self.kind
    let hint = self == .relu ? nil : forward
    let placedGradient = try graph.reordered(gradient, to: kept.descriptor)
    var operation = dnnl_eltwise_desc_t()
    let status = withUnsafePointer(to: kept.descriptor.raw) {
      dnnl_eltwise_backward_desc_init(&operation, kind, $0, $0, 0, upperBound)
    }
    try OneDNN.check(status, "gradient of \(rawValue) \(path)")
    let kernel = try PrimitiveDescriptor(
      "gradient of \(rawValue) \(path)", operation, forward: try hint ?? reluHint(kept.descriptor, path))
    let result = try Value(kept.descriptor)
    try graph.add(
      kernel,
      [
        (self == .relu ? DNNL_ARG_DST : DNNL_ARG_SRC, kept), (DNNL_ARG_DIFF_DST, placedGradient),
        (DNNL_ARG_DIFF_SRC, result),
      ], reads: [kept, placedGradient], writes: [result], rounding: [result])
    return result
  }

  /// A forward kernel that reads its derivative off the output: oneDNN wants it as the backward kernel's companion.
  private func reluHint(_ descriptor: Descriptor, _ path: String) throws -> PrimitiveDescriptor {
    var operation = dnnl_eltwise_desc_t()
    let status = withUnsafePointer(to: descriptor.raw) {
      dnnl_eltwise_forward_desc_init(&operation, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd, $0, 0, 0)
    }
    try OneDNN.check(status, "relu \(path)")
    return try PrimitiveDescriptor("relu \(path)", operation)
  }
}
