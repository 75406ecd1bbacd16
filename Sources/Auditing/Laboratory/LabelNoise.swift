public import Curation
public import Imaging
internal import Randomness

/// Makes labels wrong on purpose, to see who notices.
public enum LabelNoise: Sendable, Equatable {
  /// Any other label with equal probability.
  case uniform
  /// Other labels as often as people confuse them: rows are true classes, columns what they are called instead.
  case confusion([[Double]])
  /// The label that networks prefer or find second most likely, where they are least sure: [N, C] by position.
  ///
  /// It is as the picture has it, so that it looks right to networks like those: the hardest kind. After Chen et al. 2021,
  /// "Beyond class-conditional assumption", algorithm 1.
  case instance([Double])

  /// Names a user can choose.
  public static let names = ["uniform", "confusion", "instance"]

  /// How FER+'s voters say FER2013's labels came about, in the order angry, disgust, fear, happy, sad, surprise,
  /// neutral: T[true class][label], the diagonal left out.
  ///
  /// Counted over the published votes with a single winner among the seven classes.
  public static let taggers: [[Double]] = [
    [0, 90, 447, 24, 127, 34, 21], [50, 0, 10, 0, 8, 1, 0], [37, 9, 0, 3, 27, 96, 0], [136, 13, 132, 0, 67, 271, 368],
    [345, 106, 1036, 11, 0, 28, 277], [166, 6, 703, 156, 53, 0, 35], [1394, 38, 1604, 424, 2875, 259, 0],
  ]

  /// The class names of `taggers`.
  public static let taggerClasses = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]

  /// The labels after a share of them was made wrong; as many as the rate says, give or take one.
  public func applied(to labels: [Int], classes: Int, rate: Double, seed: UInt64) -> [Int] {
    precondition((0...1).contains(rate), "A rate is between 0 and 1")
    guard classes > 1 else { return labels }
    var generator = SeededGenerator(seed: seed, "noise")
    let wanted = Int((rate * Double(labels.count)).rounded())
    var order = Array(labels.indices)
    order.shuffle(using: &generator)
    if case .instance(let probabilities) = self {
      // The less the networks tell the label from another class, the sooner it is confused.
      let ambiguity = labels.indices.map { index -> Double in
        let row = (0..<classes).map { probabilities[index * classes + $0] }
        return (row.enumerated().filter { $0.offset != labels[index] }.map(\.element).max() ?? 0) - row[labels[index]]
      }
      order.sort { (ambiguity[$0], $1) > (ambiguity[$1], $0) }
    }
    var result = labels
    var changed = 0
    for index in order where changed < wanted {
      guard let label = other(than: labels[index], index, classes: classes, using: &generator) else { continue }
      result[index] = label
      changed += 1
    }
    return result
  }

  /// Another label; nil for a class that is never confused.
  private func other(
    than label: Int, _ index: Int, classes: Int, using generator: inout SeededGenerator
  ) -> Int? {
    switch self {
    case .uniform: return (label + 1 + Int(generator.uniform() * Double(classes - 1))) % classes
    case .instance(let probabilities):
      return (0..<classes).filter { $0 != label }.max {
        probabilities[index * classes + $0] < probabilities[index * classes + $1]
      }
    case .confusion(let table):
      var weights = table[label]
      weights[label] = 0
      var draw = generator.uniform() * weights.reduce(0, +)
      for (k, weight) in weights.enumerated() where weight > 0 {
        draw -= weight
        if draw <= 0 { return k }
      }
      return weights.lastIndex { $0 > 0 }
    }
  }
}

/// A dataset of which only some samples are there, under other labels.
public struct RelabelledSource<Source: SampleSource>: SampleSource {
  private let source: Source
  private let labels: [Int64: String]

  /// - Parameter labels: the samples that are there, by id, and what each is called.
  public init(_ source: Source, labels: [Int64: String]) {
    self.source = source
    self.labels = labels
  }

  /// The classes of the dataset.
  public func classes() throws -> [String] { try source.classes() }

  /// The samples that are there.
  public func samples() throws -> [Sample] {
    try source.samples().compactMap { sample in
      guard let label = labels[sample.id] else { return nil }
      var changed = sample
      changed.label = label
      return changed
    }
  }

  /// Their pictures.
  public func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws {
    try source.forEachImage(of: samples, body)
  }
}
