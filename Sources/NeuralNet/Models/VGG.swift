/// Plain stacks of 3x3 convolutions and pooling (Simonyan and Zisserman 2015), with batch norm, in torchvision's names.
///
/// The last map is not averaged but handed to the classifier whole: on aligned faces, where something is tells as much as
/// what it is.
public struct VGG: Sendable {
  /// Channels of the convolutions of each stage; a stage ends with 2x2 max pooling.
  public var stages: [[Int]]
  /// 1 for gray pictures, 3 for colour.
  public var inputChannels: Int
  /// The non-linearity throughout.
  public var activation: Activation

  /// Creates a network from its table.
  public init(stages: [[Int]], inputChannels: Int = 1, activation: Activation = .relu) {
    self.stages = stages
    self.inputChannels = inputChannels
    self.activation = activation
  }

  /// Everything from the picture to the last map [N, C, H / 2^stages, W / 2^stages].
  public var layers: Sequential {
    var layers: [(name: String, layer: any Layer)] = []
    var channels = inputChannels
    // torchvision counts every layer, those without parameters too.
    var index = 0
    for stage in stages {
      for width in stage {
        layers.append(
          ("features.\(index)", Conv2D(inputChannels: channels, outputChannels: width, kernelSize: 3, hasBias: false)))
        layers += normalised("features.\(index + 1)", channels: width, activation)
        index += 3
        channels = width
      }
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
