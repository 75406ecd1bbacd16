internal import COneDNN

/// The sum of a block's branch and its shortcut, with an activation if given; a ReLU is part of the same kernel.
///
/// Shapes: two of [N, C, H, W] to the same.
struct ResidualSum {
  let activation: Activation?

  /// Adds the sum and hands its gradient to both terms.
  func build(_ left: TensorReference, _ right: TensorReference, into reference: GraphReference, path: String) throws
    -> TensorReference
  {
    let graph = reference.builder
    let a = left.value
    let b = try graph.reordered(right.value, to: a.descriptor)
    let fusesReLU = activation == .relu
    let forward = try sumKernel(a.descriptor, fusesReLU: fusesReLU, name: "residual sum \(path)")
    let y = try Value(a.descriptor, needsGradient: a.needsGradient || b.needsGradient)
    y.isNonNegative = fusesReLU
    try graph.add(
      forward, [(DNNL_ARG_SRC_0, a), (DNNL_ARG_SRC_1, b), (DNNL_ARG_DST, y)], reads: [a, b], writes: [y],
      rounding: [y])
    graph.onBackward(of: y) { gradient in
      var gradient = gradient
      if fusesReLU {
        gradient = try Activation.relu.addBackward(gradient, x: nil, y: y, forward: nil, path: path, to: graph)
      }
      // The derivative of a sum by both its terms is 1: they share the gradient.
      if a.needsGradient { graph.addGradient(gradient, to: a) }
      if b.needsGradient { graph.addGradient(gradient, to: b) }
    }
    let sum = TensorReference(value: y)
    guard let activation, !fusesReLU else { return sum }
    return try activation.build(sum, into: reference, path: path)
  }

  private func sumKernel(_ descriptor: Descriptor, fusesReLU: Bool, name: String) throws -> PrimitiveDescriptor {
    let attributes = fusesReLU ? try PrimitiveAttributes(appending: .relu) : nil
    var operation = dnnl_binary_desc_t()
    let status = withUnsafePointer(to: descriptor.raw) {
      dnnl_binary_desc_init(&operation, dnnl_binary_add, $0, $0, $0)
    }
    try OneDNN.check(status, name)
    return try PrimitiveDescriptor(name, operation, attributes: attributes?.handle)
  }
}
