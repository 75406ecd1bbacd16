internal import NeuralNet

/// The answer that is explained: a class, or a class rather than another.
public struct Target: Sendable, Hashable {
  /// The class's place in the outputs.
  public var label: Int
  /// Another class, for the question why `label` and not this one.
  public var rival: Int?

  /// Creates a target.
  public init(_ label: Int, rather rival: Int? = nil) {
    self.label = label
    self.rival = rival
  }

  /// The class's logit, or the difference of the two logits: what gradients are taken of.
  public func score(_ logits: some RandomAccessCollection<Float>) -> Float { difference(logits) }

  /// The class's probability, or the difference of the two probabilities.
  public func confidence(_ logits: some RandomAccessCollection<Float>) -> Float {
    var probabilities = Array(logits)
    probabilities.withUnsafeMutableBufferPointer { SoftmaxCrossEntropy.softmax($0, classes: $0.count) }
    return difference(probabilities)
  }

  private func difference(_ values: some RandomAccessCollection<Float>) -> Float {
    func value(_ c: Int) -> Float { values[values.index(values.startIndex, offsetBy: c)] }
    return value(label) - (rival.map(value) ?? 0)
  }

  /// Writes the score's derivative by the logits.
  func writeDerivative(to logits: UnsafeMutableBufferPointer<Float>) {
    logits.update(repeating: 0)
    logits[label] += 1
    if let rival { logits[rival] -= 1 }
  }
}
