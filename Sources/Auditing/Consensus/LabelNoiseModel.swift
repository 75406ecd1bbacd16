/// What the true label is, given what networks see and what the label says, when nobody knows how labels err.
///
/// Networks that learned from labels say what a face would be *called*: p(y | x) = sum_k p(k | x) T[k][y], with T[k][y] the
/// probability that a sample of true class k is labelled y. Both factors are estimated:
///
/// 1. The probabilities are made as sure as the given labels show them to be, by one temperature: they are out of fold.
/// 2. T begins with anchors: what the faces that look most like class k are called (Patrini et al. 2017).
/// 3. p(k | x) follows by undoing T (Richardson 1972, Lucy 1974); a second temperature makes it as sure as the labels show
///    it to be through T: networks that were taught doubt are surer of faces than of names. The posterior
///    p(k | x, y) ~ p(k | x) T[k][y] follows from that and the label, and T from the posteriors; a few rounds.
public struct LabelNoiseModel: Sendable {
  /// T[k][y], rows sum to 1.
  public private(set) var transition: [[Double]]
  /// The posterior of each class, [N, C].
  public private(set) var posterior: [Double]
  /// The power that the probabilities were raised to.
  public let sharpness: Double
  /// How much better than the labels' frequencies the probabilities tell a label, from 0 to 1.
  public let skill: Double

  /// Faces that tell what a class is called; fewer in small datasets.
  private static let mostAnchors = 100
  /// How much of the belief that labels are mostly right is mixed into what networks say about it, at least: all of it when
  /// they know no more than how frequent each label is.
  private static let trust = 0.05
  /// The skill from which networks are believed.
  private static let believedFrom = 0.15
  /// Holds powers near 1 where the labels say little: as much as a loss of 8 (ln power)^2.
  private static let caution = 8.0
  private static let undoings = 10
  private static let rounds = 5

  /// Estimates transition and posteriors.
  ///
  /// - Parameters:
  ///   - probabilities: p(y | x), [N, C].
  ///   - labels: y of each sample.
  ///   - counts: true where the sample counts for the estimates (the training split).
  public init(probabilities: [Double], labels: [Int], classes: Int, counts: [Bool]) {
    let counted = labels.indices.filter { counts[$0] }
    let identity = (0..<classes).map { k in (0..<classes).map { $0 == k ? 1.0 : 0 } }
    sharpness = Self.sharpness(probabilities, labels, counted, through: identity)
    let called = Self.sharpened(probabilities, by: sharpness, classes: classes)
    skill = Self.skill(called, labels, classes, counted)
    let trust = min(1, max(Self.trust, 1 - skill / Self.believedFrom))
    func believed(_ rows: [[Double]]) -> [[Double]] {
      let other = 0.2 / Double(max(1, classes - 1))
      return rows.enumerated().map { k, row in
        row.enumerated().map { (1 - trust) * $1 + trust * ($0 == k ? 0.8 : other) }
      }
    }
    transition = believed(Self.anchors(called, classes: classes, counted))
    posterior = called
    for round in 0...Self.rounds {
      posterior = Self.undone(called, transition)
      posterior = Self.sharpened(
        posterior, by: Self.sharpness(posterior, labels, counted, through: transition), classes: classes)
      for (index, label) in labels.enumerated() {
        var sum = 0.0
        let start = index * classes
        for k in 0..<classes {
          posterior[start + k] = max(posterior[start + k], 1e-6) * transition[k][label]
          sum += posterior[start + k]
        }
        for k in 0..<classes { posterior[start + k] /= sum }
      }
      guard round < Self.rounds else { break }
      // Three imagined samples of each class, labelled right, and a sixth of one for every error keep rows sensible.
      var table = (0..<classes).map { k in (0..<classes).map { $0 == k ? 3 + 1 / 6.0 : 1 / 6.0 } }
      for index in counted { for k in 0..<classes { table[k][labels[index]] += posterior[index * classes + k] } }
      transition = believed(
        table.map { row in
          let sum = row.reduce(0, +)
          return row.map { $0 / sum }
        })
    }
  }

  /// The power at which the probabilities tell the given labels best, when class k is called y as often as T[k][y] says.
  private static func sharpness(
    _ probabilities: [Double], _ labels: [Int], _ counted: [Int], through transition: [[Double]]
  ) -> Double {
    guard !counted.isEmpty else { return 1 }
    let classes = transition.count
    let logs = probabilities.map { safeLog(max(1e-6, $0)) }
    let table = transition.flatMap(\.self)
    func loss(_ power: Double) -> Double {
      var result = caution * safeLog(power) * safeLog(power)
      for index in counted {
        var (total, told) = (0.0, 0.0)
        for k in 0..<classes {
          let value = exponential(power * logs[index * classes + k])
          total += value
          told += value * table[k * classes + labels[index]]
        }
        result -= safeLog(told / total)
      }
      return result
    }
    var (low, high) = (0.4, 3.0)
    for _ in 0..<18 {
      let (first, second) = (low + (high - low) / 3, high - (high - low) / 3)
      if loss(first) < loss(second) { high = second } else { low = first }
    }
    return (low + high) / 2
  }

  /// 1 minus the loss of telling the labels by the probabilities over that of telling them by their frequencies.
  private static func skill(_ called: [Double], _ labels: [Int], _ classes: Int, _ counted: [Int]) -> Double {
    guard !counted.isEmpty else { return 0 }
    var frequency = [Double](repeating: 0, count: classes)
    for index in counted { frequency[labels[index]] += 1 / Double(counted.count) }
    let entropy = frequency.reduce(0.0) { $0 - ($1 > 0 ? $1 * safeLog($1) : 0) }
    let loss = counted.reduce(0.0) { $0 - safeLog(called[$1 * classes + labels[$1]]) } / Double(counted.count)
    return entropy > 0 ? max(0, 1 - loss / entropy) : 0
  }

  private static func sharpened(_ probabilities: [Double], by power: Double, classes: Int) -> [Double] {
    var result = probabilities.map { exponential(power * safeLog(max(1e-6, $0))) }
    for start in stride(from: 0, to: result.count, by: classes) {
      let sum = (0..<classes).reduce(0.0) { $0 + result[start + $1] }
      for k in 0..<classes { result[start + k] /= sum }
    }
    return result
  }

  private static func anchors(_ called: [Double], classes: Int, _ counted: [Int]) -> [[Double]] {
    let number = max(1, min(mostAnchors, counted.count / (10 * max(1, classes))))
    return (0..<classes).map { k in
      let best = counted.sorted { (called[$0 * classes + k], $1) > (called[$1 * classes + k], $0) }.prefix(number)
      var row = [Double](repeating: 0, count: classes)
      for index in best { for y in 0..<classes { row[y] += called[index * classes + y] / Double(best.count) } }
      return row
    }
  }

  /// p(k | x) of which T makes what is called.
  private static func undone(_ called: [Double], _ transition: [[Double]]) -> [Double] {
    let classes = transition.count
    let table = transition.flatMap(\.self)
    var result = called
    var (ratio, next) = ([Double](repeating: 0, count: classes), [Double](repeating: 0, count: classes))
    for start in stride(from: 0, to: called.count, by: classes) {
      for _ in 0..<undoings {
        for y in 0..<classes {
          var sum = 0.0
          for k in 0..<classes { sum += result[start + k] * table[k * classes + y] }
          ratio[y] = called[start + y] / max(sum, 1e-12)
        }
        var total = 0.0
        for k in 0..<classes {
          var sum = 0.0
          for y in 0..<classes { sum += ratio[y] * table[k * classes + y] }
          next[k] = result[start + k] * sum
          total += next[k]
        }
        for k in 0..<classes { result[start + k] = next[k] / total }
      }
    }
    return result
  }
}
