/// MobileNetV2's block: a pointwise convolution that widens, a depthwise 3x3, a pointwise one that narrows, and a shortcut.
///
/// Shapes: [N, C, H, W] to [N, K, H / s, W / s]; the shortcut is there where s = 1 and C = K. Names as in torchvision:
/// conv.0.0, conv.0.1, ... Source: Sandler et al. 2018.
public struct InvertedResidual: Layer {
  /// C.
  public var inputChannels: Int
  /// K.
  public var outputChannels: Int
  /// How many times as wide as the input the middle is; 1 leaves the first convolution out.
  public var expansion: Int
  /// s, of the depthwise convolution.
  public var stride: Int
  /// The non-linearity behind the first two convolutions.
  public var activation: Activation
  /// Channel attention behind the last batch norm.
  public var attention: Attention
  /// The stage the block is in, counted from 0.
  public var stage: Int

  /// Creates a block.
  public init(
    inputChannels: Int, outputChannels: Int, expansion: Int, stride: Int = 1, activation: Activation = .relu6,
    attention: Attention = .none, stage: Int = 0
  ) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.expansion = expansion
    self.stride = stride
    self.activation = activation
    self.attention = attention
    self.stage = stage
  }

  /// Adds the convolutions and the shortcut.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let width = inputChannels * expansion
    var layers: [(name: String, layer: any Layer)] = []
    if expansion != 1 {
      layers.append(
        (
          "conv.0",
          NormalisedConvolution(
            Conv2D(inputChannels: inputChannels, outputChannels: width, kernelSize: 1), activation, names: ("0", "1"))
        ))
    }
    layers.append(
      (
        "conv.\(layers.count)",
        NormalisedConvolution(
          Conv2D(inputChannels: width, outputChannels: width, kernelSize: 3, stride: stride, groups: width),
          activation, names: ("0", "1"))
      ))
    let last = layers.count
    layers.append(
      (
        "conv",
        NormalisedConvolution(
          Conv2D(inputChannels: width, outputChannels: outputChannels, kernelSize: 1), nil,
          names: ("\(last)", "\(last + 1)"))
      ))
    layers += attention.layers(channels: outputChannels, stage: stage)
    let result = try Sequential(layers).build(input, into: graph, path: path)
    guard stride == 1, inputChannels == outputChannels else { return result }
    return try ResidualSum(activation: nil).build(result, input, into: graph, path: path)
  }
}
