extension ReportContent {
  /// The learning curve of one network.
  public struct TrainingRun: Codable, Sendable, Hashable {
    /// What stands in the legend: `raw`, `curated`, `audit fold 1`.
    public var name: String
    /// What it was trained for; decides colour and weight of its line.
    public var role: Role
    /// The architecture: `resnet18`.
    public var model: String?
    /// Its epochs, in order.
    public var epochs: [Epoch]
    /// The epoch whose weights were kept.
    public var bestEpoch: Int?
    /// Wall-clock seconds of the training.
    public var seconds: Double?
    /// Training images per second.
    public var imagesPerSecond: Double?

    /// What a network was trained for.
    public enum Role: String, Codable, Sendable {
      /// The dataset as it came.
      case raw
      /// The dataset as it was left.
      case curated
      /// A network of an audit, which only judges labels.
      case audit
      /// Anything else.
      case other
    }

    /// Creates a learning curve.
    public init(
      name: String, role: Role, model: String? = nil, epochs: [Epoch], bestEpoch: Int? = nil, seconds: Double? = nil,
      imagesPerSecond: Double? = nil
    ) {
      self.name = name
      self.role = role
      self.model = model
      self.epochs = epochs
      self.bestEpoch = bestEpoch
      self.seconds = seconds
      self.imagesPerSecond = imagesPerSecond
    }

    /// What was measured in one epoch; shares run from 0 to 1.
    public struct Epoch: Codable, Sendable, Hashable {
      /// Counted from 1.
      public var number: Int
      /// Mean loss over the training rows.
      public var trainLoss: Double?
      /// Mean loss over the validation rows.
      public var validationLoss: Double?
      /// Share of training rows classified as labelled.
      public var trainAccuracy: Double?
      /// Share of validation rows classified as labelled.
      public var validationAccuracy: Double?
      /// The learning rate at the end of the epoch.
      public var learningRate: Double?

      /// Creates one epoch.
      public init(
        number: Int, trainLoss: Double? = nil, validationLoss: Double? = nil, trainAccuracy: Double? = nil,
        validationAccuracy: Double? = nil, learningRate: Double? = nil
      ) {
        self.number = number
        self.trainLoss = trainLoss
        self.validationLoss = validationLoss
        self.trainAccuracy = trainAccuracy
        self.validationAccuracy = validationAccuracy
        self.learningRate = learningRate
      }
    }
  }
}
