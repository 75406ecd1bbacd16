internal import COneDNN

/// ResNet's basic block: two 3x3 convolutions, a shortcut around them, and the activation of their sum.
///
/// Shapes: [N, C, H, W] to [N, K, H / s, W / s]. The shortcut is the identity, or a 1x1 convolution with batch norm where
/// the shape changes. Names as in torchvision: conv1, bn1, conv2, bn2, downsample.0, downsample.1.
/// Source: He et al. 2016, option B.
public struct ResidualBlock: Layer {
  /// C.
  public var inputChannels: Int
  /// K.
  public var outputChannels: Int
  /// s, of the first convolution and of the shortcut.
  public var stride: Int
  /// The non-linearity after the first convolution and after the sum.
  public var activation: Activation

  /// Creates a block.
  public init(inputChannels: Int, outputChannels: Int, stride: Int = 1, activation: Activation = .relu) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.stride = stride
    self.activation = activation
  }

  /// Adds both branches and their sum.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let main = Sequential(
      [
        ("conv1", Conv2D(inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 3, stride: stride))
      ] + normalised("bn1", channels: outputChannels, activation) + [
        ("conv2", Conv2D(inputChannels: outputChannels, outputChannels: outputChannels, kernelSize: 3)),
        ("bn2", BatchNorm2D(channels: outputChannels)),
      ])
    let shortcut = Sequential([
      ("0", Conv2D(inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 1, stride: stride)),
      ("1", BatchNorm2D(channels: outputChannels)),
    ])
    let changesShape = stride != 1 || inputChannels != outputChannels
    let a = try main.build(input, into: graph, path: path)
    let b =
      changesShape ? try shortcut.build(input, into: graph, path: path.appending(component: "downsample")) : input
    return try addActivatedSum(a.value, b.value, path: path, to: graph)
  }

  private func addActivatedSum(_ a: Value, _ b: Value, path: String, to reference: GraphReference) throws
    -> TensorReference
  {
    let graph = reference.builder
    let b = try graph.reordered(b, to: a.descriptor)
    let fusesReLU = activation == .relu
    let forward = try sumKernel(a.descriptor, fusesReLU: fusesReLU, name: "residual sum \(path)")
    let y = try Value(a.descriptor, needsGradient: a.needsGradient || b.needsGradient)
    try graph.add(
      forward, [(DNNL_ARG_SRC_0, a), (DNNL_ARG_SRC_1, b), (DNNL_ARG_DST, y)], reads: [a, b], writes: [y],
      rounding: [y])
    let activation = activation
    graph.onBackward(of: y) { gradient in
      var gradient = gradient
      if fusesReLU {
        gradient = try activation.addBackward(gradient, x: nil, y: y, forward: nil, path: path, to: graph)
      }
      // The derivative of a sum by both its terms is 1: they share the gradient.
      if a.needsGradient { graph.addGradient(gradient, to: a) }
      if b.needsGradient { graph.addGradient(gradient, to: b) }
    }
    let sum = TensorReference(value: y)
    return fusesReLU ? sum : try activation.build(sum, into: reference, path: path)
  }

  private func sumKernel(_ descriptor: Descriptor, fusesReLU: Bool, name: String) throws -> PrimitiveDescriptor {
    var attributes: dnnl_primitive_attr_t?
    try OneDNN.check(dnnl_primitive_attr_create(&attributes), name)
    defer { dnnl_primitive_attr_destroy(attributes) }
    if fusesReLU {
      var postOps: dnnl_post_ops_t?
      try OneDNN.check(dnnl_post_ops_create(&postOps), name)
      defer { dnnl_post_ops_destroy(postOps) }
      try OneDNN.check(dnnl_post_ops_append_eltwise(postOps, 1, dnnl_eltwise_relu, 0, 0), name)
      try OneDNN.check(dnnl_primitive_attr_set_post_ops(attributes, postOps), name)
    }
    var operation = dnnl_binary_desc_t()
    let status = withUnsafePointer(to: descriptor.raw) {
      dnnl_binary_desc_init(&operation, dnnl_binary_add, $0, $0, $0)
    }
    try OneDNN.check(status, name)
    return try PrimitiveDescriptor(name, operation, attributes: attributes)
  }
}

/// Batch norm and the activation behind it: one kernel for ReLU, two layers for others.
func normalised(_ name: String, channels: Int, _ activation: Activation) -> [(name: String, layer: any Layer)] {
  if activation == .relu { return [(name, BatchNorm2D(channels: channels, fusesReLU: true))] }
  return [(name, BatchNorm2D(channels: channels)), ("", activation)]
}
