#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How well predictions agree with a truth: the numbers of `fercure evaluate`.
public struct Evaluation: Codable, Sendable, Equatable {
  /// Precision, recall and F1 of one class.
  public struct PerClass: Codable, Sendable, Equatable {
    /// Of those predicted to be in the class, the share that is.
    public var precision: Double
    /// Of those in the class, the share that was predicted to be.
    public var recall: Double
    /// The harmonic mean of both.
    public var f1: Double
    /// Samples of the class.
    public var support: Int
  }

  /// Share of samples whose most probable class is the true one.
  public var accuracy: Double
  /// Mean F1 of the classes that occur.
  public var macroF1: Double
  /// Mean cross-entropy.
  public var loss: Double
  /// Samples counted.
  public var samples: Int
  /// The numbers of each class by name.
  public var classes: [String: PerClass]
  /// Counts, rows = truth, columns = prediction, in the order of the classes.
  public var confusion: [[Int]]

  /// Compares probabilities [N, C] with true classes; a negative one leaves the sample out.
  public init(probabilities: [Float], truth: [Int], classes names: [String]) {
    let count = names.count
    precondition(probabilities.count == truth.count * count, "Probabilities are N x C")
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    var loss = 0.0
    for (row, label) in truth.enumerated() where label >= 0 {
      let values = probabilities[(row * count)..<((row + 1) * count)]
      let best = (values.indices.max { values[$0] < values[$1] } ?? values.startIndex) - row * count
      confusion[label][best] += 1
      loss -= log(max(1e-12, Double(values[row * count + label])))
    }
    self.init(confusion: confusion, loss: loss, classes: names)
  }

  private init(confusion: [[Int]], loss: Double, classes names: [String]) {
    let total = confusion.reduce(0) { $0 + $1.reduce(0, +) }
    let right = names.indices.reduce(0) { $0 + confusion[$1][$1] }
    var table: [String: PerClass] = [:]
    var f1Sum = 0.0
    var occurring = 0
    for (k, name) in names.enumerated() {
      let support = confusion[k].reduce(0, +)
      let predicted = confusion.reduce(0) { $0 + $1[k] }
      let precision = predicted == 0 ? 0 : Double(confusion[k][k]) / Double(predicted)
      let recall = support == 0 ? 0 : Double(confusion[k][k]) / Double(support)
      let f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
      table[name] = PerClass(precision: precision, recall: recall, f1: f1, support: support)
      if support > 0 {
        f1Sum += f1
        occurring += 1
      }
    }
    accuracy = total == 0 ? 0 : Double(right) / Double(total)
    macroF1 = occurring == 0 ? 0 : f1Sum / Double(occurring)
    self.loss = total == 0 ? 0 : loss / Double(total)
    samples = total
    classes = table
    self.confusion = confusion
  }
}
