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
  public init(_ model: TrainedModel, batch: Int = 64, precision: Precision = .float32) throws {
    network = try model.network(batch: batch, precision: precision)
    classes = model.card.classes.count
    self.batch = batch
    preprocessing = Preprocessing(size: model.card.size, mean: model.card.mean, deviation: model.card.deviation)
  }

  /// Takes other weights of the same model.
  public func update(_ tensors: [NamedTensor]) throws { try network.importTensors(tensors) }

  /// Predicts all pictures of a set; with `flips`, the mean over each picture and its mirror image.
  public func predict(
    _ set: ImageSet, flips: Bool = true, progress: (_ done: Int, _ total: Int?) throws -> Void = { _, _ in }
  ) throws -> Predictions {
    var result = Predictions(probabilities: [Float](repeating: 0, count: set.count * classes), importance: [])
    let hasImportance = network.hasOutput("importance")
    if hasImportance { result.importance = [Float](repeating: 0, count: set.count) }
    let passes: [Bool] = flips ? [false, true] : [false]
    let length = network.input.count / batch
    var generator = SeededGenerator(seed: 0)
    for start in stride(from: 0, to: set.count, by: batch) {
      let count = min(batch, set.count - start)
      for flipped in passes {
        for row in 0..<count {
          try preprocessing.write(
            set, start + row, flipped: flipped, using: &generator,
            to: UnsafeMutableBufferPointer(rebasing: network.input[(row * length)..<((row + 1) * length)]))
        }
        try network.forward()
        let logits = network.output("logits")
        if hasImportance {
          let importance = network.output("importance")
          for row in 0..<count {
            result.importance[start + row] += 1 / (1 + Float.exponential(-importance[row])) / Float(passes.count)
          }
        }
        SoftmaxCrossEntropy.softmax(logits, classes: classes)
        for i in 0..<count * classes { result.probabilities[start * classes + i] += logits[i] / Float(passes.count) }
      }
      try progress(start + count, set.count)
    }
    return result
  }
}
