/// The networks a user can choose by name.
///
/// To add one: a line in `all`, its row in the documentation, and the golden logits of `ArchitectureTests`.
public struct Architecture: Sendable {
  /// The name on the command line and in recipes.
  public let name: String
  /// One line for `fercure list models`.
  public let summary: String
  /// The smallest side of a picture it takes.
  public let minimumSize: Int
  private let featureCount: @Sendable (_ size: Int) -> Int
  private let backbone: @Sendable (_ inputChannels: Int, _ activation: Activation, _ attention: Attention) -> Sequential

  init(_ name: String, _ summary: String, stem: ResNet.Stem, widths: [Int], depths: [Int] = [2, 2, 2, 2]) {
    self.name = name
    self.summary = summary
    minimumSize = 24
    featureCount = { _ in widths.last ?? 0 }
    backbone = {
      ResNet(stem: stem, widths: widths, depths: depths, inputChannels: $0, activation: $1, attention: $2).layers
    }
  }

  init(_ name: String, _ summary: String, stages: [[Int]], hasBias: Bool = false) {
    self.name = name
    self.summary = summary
    minimumSize = max(24, 1 << stages.count)
    featureCount = { VGG(stages: stages).featureCount(size: $0) }
    backbone = { VGG(stages: stages, hasBias: hasBias, inputChannels: $0, activation: $1, attention: $2).layers }
  }

  init(_ name: String, _ summary: String, mobileNet version: MobileNet.Version) {
    self.name = name
    self.summary = summary
    minimumSize = 24
    featureCount = { _ in MobileNet(version).featureCount }
    backbone = { MobileNet(version, inputChannels: $0, activation: $1, attention: $2).layers }
  }

  /// The model for pictures of `size` x `size`: backbone, classifier and, if asked for, the self-cure head.
  public func model(
    size: Int, inputChannels: Int, classes: Int, activation: Activation = .relu, attention: Attention = .none,
    dropout: Float = 0, hasImportance: Bool = false, exposesFeatures: Bool = false
  ) -> Classifier {
    Classifier(
      backbone: backbone(inputChannels, activation, attention), featureCount: featureCount(size), classes: classes,
      dropout: dropout, hasImportance: hasImportance, exposesFeatures: exposesFeatures)
  }

  /// All architectures.
  public static let all: [Architecture] = [
    Architecture(
      "resnet18", "ResNet18 with the 7x7 stem: 11.2 M parameters, made for 128 pixels and more", stem: .sevenBySeven,
      widths: [64, 128, 256, 512]),
    Architecture(
      "resnet18-3x3", "ResNet18 with a 3x3 stem: the same parameters, 13 times the work at 48 pixels",
      stem: .threeByThree, widths: [64, 128, 256, 512]),
    Architecture(
      "resnet18-half", "ResNet18 at half width with a 3x3 stem of stride 2: 2.8 M parameters, for 48 pixels on a CPU",
      stem: .threeByThreeStride2, widths: [32, 64, 128, 256]),
    Architecture(
      "resnet18-third", "ResNet18 with a third of the parameters (3.8 M): 32 to 304 channels, 3x3 stem",
      stem: .threeByThree, widths: [32, 64, 144, 304]),
    Architecture(
      "resnet34", "ResNet34 with the 7x7 stem: 21.3 M parameters", stem: .sevenBySeven, widths: [64, 128, 256, 512],
      depths: [3, 4, 6, 3]),
    Architecture(
      "resnet10-mini", "One block a stage, 16 to 128 channels, 3x3 stem of stride 2: for trials and small datasets",
      stem: .threeByThreeStride2, widths: [16, 32, 64, 128], depths: [1, 1, 1, 1]),
    Architecture(
      "vgg-micro", "Four convolutions of 16 to 64 channels: learns small datasets of aligned faces quickly",
      stages: [[16], [32], [64], [64]]),
    Architecture(
      "vgg-mini", "Seven convolutions of 16 to 128 channels: 0.3 M parameters, most of the work on small maps",
      stages: [[16], [16], [32], [64, 64], [128, 128]]),
    Architecture(
      "vgg13", "VGG13 with batch norm: ten convolutions of 64 to 512 channels, one linear classifier",
      stages: [[64, 64], [128, 128], [256, 256], [512, 512], [512, 512]], hasBias: true),
    Architecture(
      "vgg19", "VGG19 with batch norm: sixteen convolutions of 64 to 512 channels, one linear classifier",
      stages: [
        [64, 64], [128, 128], [256, 256, 256, 256], [512, 512, 512, 512], [512, 512, 512, 512],
      ], hasBias: true),
    Architecture(
      "mobilenet-v1", "MobileNet with a stem of stride 1: 3.2 M parameters, little arithmetic", mobileNet: .v1),
    Architecture(
      "mobilenet-v2", "MobileNetV2 with a stem of stride 1: 2.2 M parameters, the least arithmetic", mobileNet: .v2),
  ]

  /// The architecture of this name; an error lists the names there are.
  public static func named(_ name: String) throws -> Architecture {
    guard let match = all.first(where: { $0.name == name }) else {
      throw NeuralNetError.unknownArchitecture(name, known: all.map(\.name))
    }
    return match
  }
}
