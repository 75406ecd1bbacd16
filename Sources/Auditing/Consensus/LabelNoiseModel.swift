/// What the true label is, given what networks see and what the label says, when nobody knows how labels err.
///
/// 1. The probabilities are made as sure as the given labels show them to be, by one temperature.
/// 2. Of a network that learned from these labels, held to early learning, classes are believed more that it finds more often than
///    labels name them, others less. Had it only fitted the labels it would find each class as often as they name it; what it moved
///    the shares by is a part of the way to the true ones. That is done where the shares are much the same before and after the
///    temperature: a network that is far too sure, as after a few thousand faces, finds large classes too often for that reason alone.
/// 3. T[k][y] is what faces are labelled that networks take for class k, each face counting as much as they take it for k.
///    Doubt about a face and errors of labels both spread a row of T: a label is believed no more than networks and labels
///    bear each other out, class by class, which is what makes a suggestion into a class that is itself unsure weak.
/// 4. The posterior is p(k | x, y) ~ p(k | x) T[k][y]^power, the rows of the power scaled to sum to 1: p(k | x) already holds the
///    doubt about the face, which T would count again in full. How large the power is the caller says (`Reading`).
///
/// T could be sharpened, by anchors (Patrini et al. 2017) or by expectation-maximisation from the posterior: on real labels both
/// end near the identity, believe the labels, and rank errors worse than the margin alone.
struct LabelNoiseModel {
  /// T[k][y], rows sum to 1.
  private(set) var transition: [[Double]]
  /// The posterior of each class, [N, C].
  private(set) var posterior: [Double]
  /// By how much each class is believed more than the probabilities say; 1 where networks find it as often as labels name it.
  let gains: [Double]
  /// The power that the probabilities were raised to.
  let sharpness: Double
  /// How much better than the labels' frequencies the probabilities tell a label, from 0 to 1.
  let skill: Double
  /// T to its power, rows sum to 1.
  private let tempered: [[Double]]

  /// How much of the belief that labels are mostly right is mixed into what networks say about it, at least: all of it when
  /// they know no more than how frequent each label is.
  private static let trust = 0.01
  /// The power that the found share of a class over the named one is raised to: chosen on FER2013's votes, with care, for higher
  /// ones rank its errors still a little better.
  private static let reach = 3.0
  /// No class is believed more, or less, by a larger factor.
  private static let largestGain = 10.0
  /// Added to both shares: how seldom a rare class is found says little about how often it is named in vain.
  private static let shareFloor = 0.02
  /// By how much the shares may change with the temperature (total variation) for classes to be weighed in full, and at all:
  /// 0.04 to 0.06 on FER2013, 0.16 on 6,000 of its faces.
  private static let steadyShares = (inFull: 0.06, atAll: 0.12)
  /// The skill from which networks are believed.
  private static let believedFrom = 0.15
  /// Holds powers near 1 where the labels say little: as much as a loss of 8 (ln power)^2.
  private static let caution = 8.0

  /// Estimates transition and posteriors.
  ///
  /// - Parameters:
  ///   - probabilities: p(y | x), [N, C].
  ///   - labels: y of each sample.
  ///   - counts: true where the sample counts for the estimates (the training split).
  ///   - tablePower: the power that T is raised to in the posterior.
  ///   - movesShares: true for what a network says that learned from the labels, held to early learning.
  init(
    probabilities: [Double], labels: [Int], classes: Int, counts: [Bool], tablePower: Double = Reading.usualTablePower,
    movesShares: Bool = false
  ) {
    let counted = labels.indices.filter { counts[$0] }
    sharpness = Self.sharpness(probabilities, labels, counted, classes: classes)
    posterior = Self.sharpened(probabilities, by: sharpness, classes: classes)
    skill = Self.skill(posterior, labels, classes, counted)
    let belief = min(1, skill / Self.believedFrom)
    let trust = max(Self.trust, 1 - belief)
    let gains: [Double]
    if movesShares {
      let found = Self.shares(probabilities, classes, counted)
      let change = zip(found, Self.shares(posterior, classes, counted)).reduce(0) { $0 + abs($1.0 - $1.1) / 2 }
      let (full, none) = Self.steadyShares
      let steadiness = max(0, min(1, (none - change) / (none - full)))
      gains = Self.gains(found, labels, counted, power: Self.reach * belief * steadiness)
    } else {
      gains = [Double](repeating: 1, count: classes)
    }
    self.gains = gains
    posterior = Self.weighed(posterior, by: gains)
    let other = 0.2 / Double(max(1, classes - 1))
    // Half an imagined sample of each kind keeps the rows of rare classes sensible.
    var table = [[Double]](repeating: [Double](repeating: 0.5, count: classes), count: classes)
    for index in counted { for k in 0..<classes { table[k][labels[index]] += posterior[index * classes + k] } }
    transition = table.enumerated().map { k, row in
      let sum = row.reduce(0, +)
      return row.enumerated().map { (1 - trust) * $1 / sum + trust * ($0 == k ? 0.8 : other) }
    }
    tempered = transition.map { row in softmax(row.map { tablePower * safeLog($0) }) }
    posterior = Self.given(labels, posterior, tempered)
  }

  /// The posterior of each class of a sample that did not count for the estimates.
  func posterior(_ probabilities: [Double], label: Int) -> [Double] {
    let sure = Self.sharpened(probabilities, by: sharpness, classes: gains.count)
    return Self.given([label], Self.weighed(sure, by: gains), tempered)
  }

  /// Each class as much more probable as it is believed more.
  private static func weighed(_ probabilities: [Double], by gains: [Double]) -> [Double] {
    normalised(probabilities.enumerated().map { $1 * gains[$0 % gains.count] }, classes: gains.count)
  }

  /// Probabilities before a label is known, and after.
  private static func given(_ labels: [Int], _ probabilities: [Double], _ tempered: [[Double]]) -> [Double] {
    let classes = tempered.count
    return normalised(
      probabilities.enumerated().map { max($1, 1e-6) * tempered[$0 % classes][labels[$0 / classes]] }, classes: classes)
  }

  /// The share of each class by what is said about all counted samples.
  private static func shares(_ probabilities: [Double], _ classes: Int, _ counted: [Int]) -> [Double] {
    var result = [Double](repeating: 0, count: classes)
    for index in counted { for k in 0..<classes { result[k] += probabilities[index * classes + k] } }
    return result.map { $0 / Double(max(1, counted.count)) }
  }

  /// The share of each class by the labels of all counted samples.
  private static func frequencies(_ labels: [Int], _ classes: Int, _ counted: [Int]) -> [Double] {
    var result = [Double](repeating: 0, count: classes)
    for index in counted { result[labels[index]] += 1 / Double(counted.count) }
    return result
  }

  /// How much more often each class is found than it is named, to a power.
  private static func gains(_ found: [Double], _ labels: [Int], _ counted: [Int], power: Double) -> [Double] {
    zip(found, frequencies(labels, found.count, counted)).map { found, named in
      let ratio = (found + shareFloor) / (named + shareFloor)
      return max(1 / largestGain, min(largestGain, exponential(power * safeLog(ratio))))
    }
  }

  /// The power at which the probabilities tell the given labels best.
  private static func sharpness(_ probabilities: [Double], _ labels: [Int], _ counted: [Int], classes: Int) -> Double {
    guard !counted.isEmpty else { return 1 }
    let logs = probabilities.map { safeLog(max(1e-6, $0)) }
    func loss(_ power: Double) -> Double {
      var result = caution * safeLog(power) * safeLog(power)
      for index in counted {
        let total = (0..<classes).reduce(0.0) { $0 + exponential(power * logs[index * classes + $1]) }
        result += safeLog(total) - power * logs[index * classes + labels[index]]
      }
      return result
    }
    var (low, high) = (0.3, 3.0)
    for _ in 0..<18 {
      let (first, second) = (low + (high - low) / 3, high - (high - low) / 3)
      if loss(first) < loss(second) { high = second } else { low = first }
    }
    return (low + high) / 2
  }

  /// 1 minus the loss of telling the labels by the probabilities over that of telling them by their frequencies.
  private static func skill(_ called: [Double], _ labels: [Int], _ classes: Int, _ counted: [Int]) -> Double {
    guard !counted.isEmpty else { return 0 }
    let entropy = frequencies(labels, classes, counted).reduce(0.0) { $0 - ($1 > 0 ? $1 * safeLog($1) : 0) }
    let loss = counted.reduce(0.0) { $0 - safeLog(called[$1 * classes + labels[$1]]) } / Double(counted.count)
    return entropy > 0 ? max(0, 1 - loss / entropy) : 0
  }

  private static func sharpened(_ probabilities: [Double], by power: Double, classes: Int) -> [Double] {
    normalised(probabilities.map { exponential(power * safeLog(max(1e-6, $0))) }, classes: classes)
  }

  /// The same with rows that sum to 1.
  private static func normalised(_ values: [Double], classes: Int) -> [Double] {
    var result = values
    for start in stride(from: 0, to: result.count, by: classes) {
      let sum = (0..<classes).reduce(0.0) { $0 + result[start + $1] }
      for k in 0..<classes { result[start + k] /= sum }
    }
    return result
  }
}
