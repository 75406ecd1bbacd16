/// Plain stacks of 3x3 convolutions and pooling (Simonyan and Zisserman 2015), with batch norm, in torchvision's names.
///
/// The last map is not averaged but handed to the classifier whole: on aligned faces, where something is tells as much as
/// what it is. The classifier is one linear layer, as in the VGGs that lead on FER2013, not ImageNet's three.
public struct VGG: Sendable {
  /// Channels of the convolutions of each stage; a stage ends with 2x2 max pooling.
  public var stages: [[Int]]
  /// Adds a constant to each convolution, as torchvision does; behind batch norm it changes nothing but the checkpoint.
  public var hasBias: Bool
  /// 1 for gray pictures, 3 for colour.
  public var inputChannels: Int
  /// The non-linearity throughout.
  public var activation: Activation
  /// Channel attention behind the last convolution of each stage.
  public var attention: Attention

  /// Creates a network from its table.
  public init(
    stages: [[Int]], hasBias: Bool = false, inputChannels: Int = 1, activation: Activation = .relu,
    attention: Attention = .none
  ) {
    self.stages = stages
    self.hasBias = hasBias
    self.inputChannels = inputChannels
    self.activation = activation
    self.attention = attention
  }

  /// Everything from the picture to the last map [N, C, H / 2^stages, W / 2^stages].
  public var layers: Sequential {
    var layers: [(name: String, layer: any Layer)] = []
    var channels = inputChannels
    // torchvision counts every layer, those without parameters too.
    var index = 0
    for (number, stage) in stages.enumerated() {
      for width in stage {
        let convolution = Conv2D(
          inputChannels: channels, outputChannels: width, kernelSize: 3, hasBias: hasBias)
        layers.append(
          (
            "",
            NormalisedConvolution(
              convolution, activation, names: ("features.\(index)", "features.\(index + 1)"))
          ))
        index += 3
        channels = width
      }
      layers += attention.layers(channels: channels, stage: number).map { ("stage\(number + 1).\($0.name)", $0.layer) }
      layers.append(("", MaxPool2D(kernelSize: 2, stride: 2)))
      index += 1
    }
    return Sequential(layers)
  }

  /// The number of values in the last map of a picture of `size` x `size`.
  public func featureCount(size: Int) -> Int {
    let side = size >> stages.count
    return (stages.last?.last ?? 0) * side * side
  }
}
