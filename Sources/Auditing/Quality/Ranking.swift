/// How well scores tell one kind of samples from another, and how honest probabilities are.
public enum Ranking {
  /// The probability that a positive sample scores above a negative one, ties counting half; 0.5 without either kind.
  public static func areaUnderCurve(_ scores: [Double], isPositive: [Bool]) -> Double {
    precondition(scores.count == isPositive.count, "One score a sample")
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    let positives = isPositive.count { $0 }
    guard positives > 0, positives < scores.count else { return 0.5 }
    var rankSum = 0.0
    var start = 0
    while start < order.count {
      // A score that is no number equals nothing, not even itself.
      var end = start + 1
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      // Equal scores share the mean of their ranks.
      let rank = Double(start + 1 + end) / 2
      rankSum += rank * Double(order[start..<end].count { isPositive[$0] })
      start = end
    }
    let count = Double(positives)
    return (rankSum - count * (count + 1) / 2) / (count * Double(scores.count - positives))
  }

  /// The mean area under the curve within each class of given labels, weighted by the smaller of its two kinds.
  ///
  /// A scorer that only knows how often each label is wrong gets 0.5 here, where the plain area would praise it.
  public static func classConditionalArea(_ scores: [Double], isPositive: [Bool], classes: [Int]) -> Double {
    var (sum, weight) = (0.0, 0.0)
    // In order: a sum in another one has other last digits.
    let groups = Dictionary(grouping: scores.indices, by: { classes[$0] })
    for (_, members) in groups.sorted(by: { $0.key < $1.key }) {
      let positives = members.count { isPositive[$0] }
      let smaller = Double(min(positives, members.count - positives))
      guard smaller > 0 else { continue }
      sum += smaller * areaUnderCurve(members.map { scores[$0] }, isPositive: members.map { isPositive[$0] })
      weight += smaller
    }
    return weight > 0 ? sum / weight : 0.5
  }

  /// The mean precision over the positive samples, each at its place in the ranking by falling score.
  public static func averagePrecision(_ scores: [Double], isPositive: [Bool]) -> Double {
    let order = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
    var (found, sum) = (0, 0.0)
    for (place, index) in order.enumerated() where isPositive[index] {
      found += 1
      sum += Double(found) / Double(place + 1)
    }
    return found == 0 ? 0 : sum / Double(found)
  }

  /// The curve of stated confidence against what came true, in bins of equal width.
  public static func reliability(_ confidences: [Double], isRight: [Bool], bins: Int = 10) -> [ReliabilityBin] {
    var result = (0..<bins).map { bin in
      ReliabilityBin(
        from: Double(bin) / Double(bins), to: Double(bin + 1) / Double(bins), count: 0, stated: 0, measured: 0)
    }
    for (confidence, isRight) in zip(confidences, isRight) {
      let bin = min(bins - 1, max(0, Int(confidence * Double(bins))))
      result[bin].count += 1
      result[bin].stated += confidence
      if isRight { result[bin].measured += 1 }
    }
    for bin in result.indices where result[bin].count > 0 {
      result[bin].stated /= Double(result[bin].count)
      result[bin].measured /= Double(result[bin].count)
    }
    return result.filter { $0.count > 0 }
  }

  /// The mean distance between stated and measured confidence over the bins of the reliability curve.
  public static func expectedCalibrationError(_ bins: [ReliabilityBin]) -> Double {
    let total = bins.reduce(0) { $0 + $1.count }
    guard total > 0 else { return 0 }
    return bins.reduce(0) { $0 + Double($1.count) * abs($1.stated - $1.measured) } / Double(total)
  }
}

/// A bin of a reliability curve.
public struct ReliabilityBin: Sendable, Codable, Equatable {
  /// The lowest confidence in it.
  public var from: Double
  /// The next bin's lowest.
  public var to: Double
  /// Samples.
  public var count: Int
  /// Mean of the stated confidences.
  public var stated: Double
  /// Share that was right.
  public var measured: Double
}

/// Wilson's interval of a share at 95 %.
public struct ShareInterval: Sendable, Codable, Equatable {
  /// The share that was measured; 0 of nothing.
  public var share: Double
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double

  /// The interval of `right` out of `total`.
  public init(right: Int, of total: Int) {
    guard total > 0 else {
      (share, low, high) = (0, 0, 1)
      return
    }
    let (n, z) = (Double(total), 1.959_963_984_540_054)
    share = Double(right) / n
    let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    (low, high) = (max(0, centre - half), min(1, centre + half))
  }
}
