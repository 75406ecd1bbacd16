/// Which channel attention a network has.
public enum Attention: String, Sendable, CaseIterable, Codable {
  /// None.
  case none
  /// ECA with the kernel sizes of its formula.
  case eca
  /// ECA with the kernel sizes of the released ResNet18, which the formula does not give: 3, 5, 7, 7 for the four stages.
  case ecaReleased = "eca-3577"
  /// Squeeze-and-excitation.
  case se

  /// The layer behind a stage's convolutions, with its name; nothing for `none`.
  ///
  /// `stage` is counted from 0.
  func layers(channels: Int, stage: Int) -> [(name: String, layer: any Layer)] {
    switch self {
    case .none: []
    case .eca: [("eca", EfficientChannelAttention(channels: channels))]
    case .ecaReleased:
      [("eca", EfficientChannelAttention(channels: channels, kernelSize: [3, 5, 7, 7][min(stage, 3)]))]
    case .se: [("se", SqueezeExcitation(channels: channels))]
    }
  }
}
