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
  /// Channel attention behind the second batch norm, before the sum.
  public var attention: Attention
  /// The stage the block is in, counted from 0: `Attention.ecaReleased` depends on it.
  public var stage: Int

  /// Creates a block.
  public init(
    inputChannels: Int, outputChannels: Int, stride: Int = 1, activation: Activation = .relu,
    attention: Attention = .none, stage: Int = 0
  ) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.stride = stride
    self.activation = activation
    self.attention = attention
    self.stage = stage
  }

  /// Adds both branches and their sum.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let main = Sequential(
      [
        (
          "",
          NormalisedConvolution(
            Conv2D(inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 3, stride: stride),
            activation, names: ("conv1", "bn1"))
        ),
        (
          "",
          NormalisedConvolution(
            Conv2D(inputChannels: outputChannels, outputChannels: outputChannels, kernelSize: 3), nil,
            names: ("conv2", "bn2"))
        ),
      ] + attention.layers(channels: outputChannels, stage: stage))
    let shortcut = NormalisedConvolution(
      Conv2D(inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 1, stride: stride), nil,
      names: ("0", "1"))
    let changesShape = stride != 1 || inputChannels != outputChannels
    let a = try main.build(input, into: graph, path: path)
    let b =
      changesShape ? try shortcut.build(input, into: graph, path: path.appending(component: "downsample")) : input
    return try ResidualSum(activation: activation).build(a, b, into: graph, path: path)
  }
}
