/// MobileNets for small pictures: depthwise and pointwise convolutions in turn.
///
/// The stem has stride 1, not 2 as for ImageNet: 48 pixels have none to give away. Names of the second version as in
/// torchvision, which has no first. Sources: Howard et al. 2017; Sandler et al. 2018.
public struct MobileNet: Sendable {
  /// The two published designs.
  public enum Version: Sendable {
    /// Depthwise 3x3, then pointwise, each with its activation.
    case v1
    /// Inverted residuals: widen, depthwise 3x3, narrow without an activation, with a shortcut where shapes agree.
    case v2
  }

  /// Which design.
  public var version: Version
  /// 1 for gray pictures, 3 for colour.
  public var inputChannels: Int
  /// The non-linearity throughout; ReLU means ReLU6 in the second version, as published.
  public var activation: Activation
  /// Channel attention behind each pointwise convolution that ends a block.
  public var attention: Attention

  /// Creates a network.
  public init(
    _ version: Version, inputChannels: Int = 1, activation: Activation = .relu, attention: Attention = .none
  ) {
    self.version = version
    self.inputChannels = inputChannels
    self.activation = version == .v2 && activation == .relu ? .relu6 : activation
    self.attention = attention
  }

  /// Width and stride of each depthwise-separable block of the first version.
  private static let blocks = [
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
    (1024, 2), (1024, 1),
  ]

  /// Expansion, width, repetitions and first stride of each stage of the second version.
  private static let stages = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
  ]

  /// Everything from the picture to the feature vector.
  public var layers: Sequential {
    var layers = [convolution(inputChannels, 32, kernel: 3, name: "features.0")]
    var channels = 32
    switch version {
    case .v1:
      for (number, (width, stride)) in Self.blocks.enumerated() {
        let path = "features.\(number + 1)"
        layers.append(
          convolution(channels, channels, kernel: 3, stride: stride, groups: channels, name: "\(path).depthwise"))
        layers.append(convolution(channels, width, kernel: 1, name: "\(path).pointwise"))
        layers += attention.layers(channels: width, stage: min(3, number / 4)).map { ("\(path).\($0.name)", $0.layer) }
        channels = width
      }
    case .v2:
      var number = 1
      for (stage, (expansion, width, repetitions, first)) in Self.stages.enumerated() {
        for repetition in 0..<repetitions {
          let block = InvertedResidual(
            inputChannels: channels, outputChannels: width, expansion: expansion,
            stride: repetition == 0 ? first : 1, activation: activation, attention: attention, stage: min(3, stage / 2))
          layers.append(("features.\(number)", block))
          channels = width
          number += 1
        }
      }
      layers.append(convolution(channels, featureCount, kernel: 1, name: "features.\(number)"))
    }
    layers.append(("", GlobalAveragePool2D()))
    return Sequential(layers)
  }

  /// The length of the feature vector.
  public var featureCount: Int { version == .v1 ? 1024 : 1280 }

  private func convolution(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1, name: String
  ) -> (name: String, layer: any Layer) {
    (
      name,
      NormalisedConvolution(
        Conv2D(
          inputChannels: inputs, outputChannels: outputs, kernelSize: kernel, stride: stride, groups: groups),
        activation, names: ("0", "1"))
    )
  }
}
