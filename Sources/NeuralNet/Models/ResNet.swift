/// ResNet18 and its relatives for small pictures, in torchvision's names.
///
/// Source: He et al. 2016.
public struct ResNet: Sendable {
  /// How the first layers shrink the picture.
  public enum Stem: String, Sendable, CaseIterable, Codable {
    /// 7x7 convolution of stride 2 and 3x3 max pooling of stride 2, for ImageNet's sizes.
    case sevenBySeven = "7x7"
    /// 3x3 convolution of stride 1, for pictures of 32 to 64 pixels.
    case threeByThree = "3x3"
    /// 3x3 convolution of stride 2: a quarter of the work of `3x3`.
    case threeByThreeStride2 = "3x3s2"
  }

  /// The first layers.
  public var stem: Stem
  /// Channels of the four stages.
  public var widths: [Int]
  /// Blocks of the four stages.
  public var depths: [Int]
  /// 1 for gray pictures, 3 for colour.
  public var inputChannels: Int
  /// The non-linearity throughout.
  public var activation: Activation
  /// Channel attention in every block.
  public var attention: Attention

  /// Creates a network from its table.
  public init(
    stem: Stem, widths: [Int] = [64, 128, 256, 512], depths: [Int] = [2, 2, 2, 2], inputChannels: Int = 1,
    activation: Activation = .relu, attention: Attention = .none
  ) {
    precondition(widths.count == depths.count, "A residual network has a width and a depth for each stage")
    self.stem = stem
    self.widths = widths
    self.depths = depths
    self.inputChannels = inputChannels
    self.activation = activation
    self.attention = attention
  }

  /// Everything from the picture to the feature vector [N, widths.last, 1, 1].
  public var layers: Sequential {
    let width = widths[0]
    var layers: [(name: String, layer: any Layer)] = []
    let (kernelSize, stride) = stem == .sevenBySeven ? (7, 2) : (3, stem == .threeByThree ? 1 : 2)
    layers.append(
      (
        "",
        NormalisedConvolution(
          Conv2D(inputChannels: inputChannels, outputChannels: width, kernelSize: kernelSize, stride: stride),
          activation, names: ("conv1", "bn1"))
      ))
    if stem == .sevenBySeven { layers.append(("", MaxPool2D(kernelSize: 3, stride: 2, padding: 1))) }
    var channels = width
    for (stage, (width, depth)) in zip(widths, depths).enumerated() {
      var blocks: [(name: String, layer: any Layer)] = []
      for block in 0..<depth {
        blocks.append(
          (
            "\(block)",
            ResidualBlock(
              inputChannels: channels, outputChannels: width, stride: stage > 0 && block == 0 ? 2 : 1,
              activation: activation, attention: attention, stage: stage)
          ))
        channels = width
      }
      layers.append(("layer\(stage + 1)", Sequential(blocks)))
    }
    layers.append(("", GlobalAveragePool2D()))
    return Sequential(layers)
  }

  /// The length of the feature vector.
  public var featureCount: Int { widths.last ?? 0 }
}
