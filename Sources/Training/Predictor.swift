internal import Imaging
public import NeuralNet
internal import Randomness

/// Predicts class probabilities for sets of pictures with a compiled network.
public final class Predictor {
  /// What a network says about a set.
  public struct Predictions: Sendable {
    /// [N, C], rows sum to 1.
    public var probabilities: [Float]
    /// SCN's importance weight of each sample; empty for networks without that head.
    public var importance: [Float]
  }

  private let network: Network
  private let classes: Int
  private let batch: Int
  private let preprocessing: Preprocessing

  /// Compiles the model for batches of the given size.
  ///
  /// - Parameter exposesFeatures: whether passes give the feature vector of each picture.
  public init(
    _ model: TrainedModel, batch: Int = 64, precision: Precision = .float32, exposesFeatures: Bool = false
  ) throws {
    network = try model.network(batch: batch, precision: precision, exposesFeatures: exposesFeatures)
    classes = model.card.classes.count
    self.batch = batch
    preprocessing = Preprocessing(size: model.card.size, mean: model.card.mean, deviation: model.card.deviation)
  }

  /// Pictures in a batch.
  public var batchSize: Int { batch }

  /// Takes other weights of the same model.
  public func update(_ tensors: [NamedTensor]) throws { try network.importTensors(tensors) }

  /// Predicts all pictures of a set: the mean over the given views of each.
  public func predict(
    _ set: ImageSet, views: Views = .flip, progress: (_ done: Int, _ total: Int?) throws -> Void = { _, _ in }
  ) throws -> Predictions {
    var result = Predictions(probabilities: [Float](repeating: 0, count: set.count * classes), importance: [])
    if network.hasOutput("importance") { result.importance = [Float](repeating: 0, count: set.count) }
    let passes = Float(views.all.count)
    try forEachPass(set, views: views) { pass in
      if let importance = pass.importance {
        for row in 0..<pass.rows.count {
          result.importance[pass.rows.lowerBound + row] += 1 / (1 + Float.exponential(-importance[row])) / passes
        }
      }
      SoftmaxCrossEntropy.softmax(pass.logits, classes: classes)
      for i in 0..<pass.rows.count * classes {
        result.probabilities[pass.rows.lowerBound * classes + i] += pass.logits[i] / passes
      }
      if pass.isLast { try progress(pass.rows.upperBound, set.count) }
    }
    return result
  }

  /// The outputs of the network for a run of pictures; valid until the body returns.
  public struct Pass {
    /// Positions in the set.
    public let rows: Range<Int>
    /// True for mirror images.
    public let isFlipped: Bool
    /// True when these pictures are not looked at again.
    public let isLast: Bool
    /// [N, C] of the batch; rows beyond `rows` mean nothing.
    public let logits: UnsafeMutableBufferPointer<Float>
    /// The logit of the importance weight, for networks that have it.
    public let importance: UnsafeMutableBufferPointer<Float>?
    /// [N, D], for predictors that expose features.
    public let features: UnsafeMutableBufferPointer<Float>?
  }

  /// Looks at all pictures of a set batch by batch, at each in all of the views.
  public func forEachPass(_ set: ImageSet, views: Views, _ body: (Pass) throws -> Void) throws {
    let length = network.input.count / batch
    var generator = SeededGenerator(seed: 0)
    for start in stride(from: 0, to: set.count, by: batch) {
      let rows = start..<min(start + batch, set.count)
      for (number, view) in views.all.enumerated() {
        for (row, index) in rows.enumerated() {
          try preprocessing.write(
            set, index, view: view, using: &generator,
            to: UnsafeMutableBufferPointer(rebasing: network.input[(row * length)..<((row + 1) * length)]))
        }
        try network.forward()
        try body(
          Pass(
            rows: rows, isFlipped: view.isFlipped, isLast: number == views.all.count - 1,
            logits: network.output("logits"),
            importance: network.hasOutput("importance") ? network.output("importance") : nil,
            features: network.hasOutput("features") ? network.output("features") : nil))
      }
    }
  }
}
