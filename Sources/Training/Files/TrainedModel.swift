public import Foundation
public import Imaging
public import NeuralNet

/// A trained network on disk: its weights in torchvision's names, and in the metadata all that predicting needs.
public struct TrainedModel: Equatable {
  /// What the network is and how pictures are made ready for it.
  public struct Card: Codable, Equatable, Sendable {
    /// The architecture's name.
    public var model: String
    /// The classes in the order of the outputs.
    public var classes: [String]
    /// Rows and columns of the input.
    public var size: Int
    /// 1 or 3.
    public var channels: Int
    /// The non-linearity.
    public var activation: Activation
    /// The channel attention.
    public var attention: Attention
    /// True when the network has SCN's importance head.
    public var hasImportance: Bool
    /// Mean of the training pixels, from 0 to 1: the input is (pixel / 255 - mean) / deviation.
    public var mean: Float
    /// Standard deviation of the training pixels.
    public var deviation: Float
    /// The best epoch by validation accuracy, counted from 1.
    public var epoch: Int
    /// The version of fercure that wrote it.
    public var version: String
    /// The numbers of each epoch of the training, without its seconds, so that equal trainings give equal files; nil where
    /// nothing is known of it.
    public var history: [EpochMetrics]?

    /// Creates a card.
    public init(
      model: String, classes: [String], size: Int, channels: Int, activation: Activation,
      attention: Attention = .none, hasImportance: Bool, mean: Float, deviation: Float, epoch: Int, version: String,
      history: [EpochMetrics]? = nil
    ) {
      self.model = model
      self.classes = classes
      self.size = size
      self.channels = channels
      self.activation = activation
      self.attention = attention
      self.hasImportance = hasImportance
      self.mean = mean
      self.deviation = deviation
      self.epoch = epoch
      self.version = version
      self.history = history
    }
  }

  /// What the network is.
  public var card: Card
  /// Weights and running statistics.
  public var tensors: [NamedTensor]

  /// Creates a model.
  public init(card: Card, tensors: [NamedTensor]) {
    self.card = card
    self.tensors = tensors
  }

  /// Reads a model.
  public init(contentsOf url: URL) throws {
    let contents = try Safetensors.read(url)
    guard let text = contents.metadata["fercure.model"],
      let card = try? JSONDecoder().decode(Card.self, from: Data(text.utf8))
    else { throw TrainingError.notAModel(url.path(percentEncoded: false)) }
    if let flaw = try card.flaw {
      throw TrainingError.file(url.path(percentEncoded: false), reason: "no network is like that: \(flaw)")
    }
    self.init(card: card, tensors: contents.tensors)
  }

  /// Writes the model.
  public func write(to url: URL) throws { try Safetensors.write(contents(), to: url) }

  /// The bytes of a file.
  public func encoded() throws -> Data { try Safetensors.encode(contents()) }

  private func contents() throws -> Safetensors.Contents {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(card), as: UTF8.self)
    return Safetensors.Contents(tensors: tensors, metadata: ["format": "pt", "fercure.model": text])
  }

  /// A picture as the network's input, [C, size, size]: converted to gray or colour, resized and normalised.
  public func input(of picture: Image) -> [Float] {
    let image = card.channels == 1 ? picture.convertedToGray() : picture.convertedToRGB()
    var values = [Float](repeating: 0, count: card.channels * card.size * card.size)
    values.withUnsafeMutableBufferPointer {
      Preprocessing(size: card.size, mean: card.mean, deviation: card.deviation).write(image, to: $0)
    }
    return values
  }

  /// The network, compiled to predict batches of the given size; `exposing` names layers whose outputs it also gives.
  public func network(
    batch: Int, precision: Precision = .float32, gradients: Gradients = [], exposesFeatures: Bool = false,
    exposing layers: [String] = []
  ) throws -> Network {
    let network = try compiled(batch, precision, gradients, exposesFeatures, layers, seed: nil)
    try network.importTensors(tensors)
    return network
  }

  /// The weights that a training of such a network starts from.
  public func untrainedTensors(seed: UInt64) throws -> [NamedTensor] {
    try compiled(1, .float32, [], false, [], seed: seed).exportTensors()
  }

  private func compiled(
    _ batch: Int, _ precision: Precision, _ gradients: Gradients, _ exposesFeatures: Bool, _ layers: [String],
    seed: UInt64?
  ) throws -> Network {
    let model = try Architecture.named(card.model).model(
      size: card.size, inputChannels: card.channels, classes: card.classes.count, activation: card.activation,
      attention: card.attention, hasImportance: card.hasImportance, exposesFeatures: exposesFeatures)
    return try Network(
      model, inputShape: [batch, card.channels, card.size, card.size], mode: .inference, gradients: gradients,
      precision: precision, exposing: layers, seed: seed)
  }
}

extension TrainedModel.Card {
  /// What makes no sense about a card that somebody else wrote; nil when all does.
  ///
  /// - Throws: `NeuralNetError.unknownArchitecture`.
  fileprivate var flaw: String? {
    get throws {
      let smallest = try Architecture.named(model).minimumSize
      guard channels == 1 || channels == 3 else { return "\(channels) channels, where 1 or 3 are known" }
      guard (smallest...512).contains(size) else {
        return "pictures of \(size) pixels, where \(model) takes \(smallest) to 512"
      }
      guard !classes.isEmpty else { return "no classes" }
      guard mean.isFinite, deviation.isFinite, deviation > 0 else { return "a mean of \(mean) ± \(deviation)" }
      return nil
    }
  }

  /// Reads a card; models from before there was attention have none.
  public init(from decoder: any Decoder) throws {
    let card = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      model: try card.decode(String.self, forKey: .model), classes: try card.decode([String].self, forKey: .classes),
      size: try card.decode(Int.self, forKey: .size), channels: try card.decode(Int.self, forKey: .channels),
      activation: try card.decode(Activation.self, forKey: .activation),
      attention: try card.decodeIfPresent(Attention.self, forKey: .attention) ?? .none,
      hasImportance: try card.decode(Bool.self, forKey: .hasImportance),
      mean: try card.decode(Float.self, forKey: .mean),
      deviation: try card.decode(Float.self, forKey: .deviation), epoch: try card.decode(Int.self, forKey: .epoch),
      version: try card.decode(String.self, forKey: .version),
      history: try card.decodeIfPresent([EpochMetrics].self, forKey: .history))
  }
}
