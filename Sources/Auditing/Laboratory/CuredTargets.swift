public import Curation
public import Training

/// What a training sample should be when an audit's suggestions are followed in one way or another.
public enum CuredTargets: String, Sendable, CaseIterable, Codable {
  /// Labels as they are.
  case raw
  /// Suspicious samples are left out.
  case pruned
  /// Suspicious labels are replaced by the suggested ones.
  case relabelled
  /// Suspicious labels become distributions: the suggested label with the audit's confidence, the given one with its
  /// quality, the rest as the networks see it.
  case soft

  /// The positions that are trained on and their targets.
  ///
  /// - Parameters:
  ///   - samples: the training split.
  ///   - classes: the names of the classes.
  ///   - accepted: by sample, the suggestions that are followed.
  ///   - scores: by sample, what the audit says about it.
  public func targets(
    _ samples: [Sample], classes: [String], accepted: [Int64: Suggestion], scores: [Int64: Score]
  ) -> (members: [Int], targets: TrainingTargets) {
    let number = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var members: [Int] = []
    var result = TrainingTargets(labels: [])
    for (position, sample) in samples.enumerated() {
      guard let given = sample.label.flatMap({ number[$0] }) else { continue }
      let suggestion = self == .raw ? nil : accepted[sample.id]
      // What shows no face teaches nothing, in whatever way suggestions are followed.
      if let suggestion, suggestion.to == nil || self == .pruned { continue }
      let suggested = suggestion?.to.flatMap { number[$0] }
      if self == .soft, let suggestion, let suggested, let score = scores[sample.id] {
        result.distributions[members.count] = Self.distribution(
          given: given, suggested: suggested, suggestion: suggestion, score: score, classes: classes.count)
      }
      result.labels.append(self == .relabelled ? suggested ?? given : given)
      members.append(position)
    }
    return (members, result)
  }

  private static func distribution(
    given: Int, suggested: Int, suggestion: Suggestion, score: Score, classes: Int
  ) -> [Float] {
    var values = [Double](repeating: 0, count: classes)
    let rest = max(0, 1 - suggestion.confidence - score.quality)
    let others = (0..<classes).filter { $0 != given && $0 != suggested }
    let seen = others.map { $0 < score.signals.probabilities.count ? score.signals.probabilities[$0] : 0 }
    let sum = seen.reduce(0, +)
    for (k, p) in zip(others, seen) { values[k] = sum > 0 ? rest * p / sum : rest / Double(max(1, others.count)) }
    values[suggested] += suggestion.confidence
    values[given] += score.quality
    let total = values.reduce(0, +)
    return values.map { Float($0 / total) }
  }
}

/// The mean of some runs and its 95 % interval, by Student's distribution.
public struct MeanInterval: Sendable, Codable, Equatable {
  /// The mean.
  public var mean: Double
  /// Half the width of the interval; infinite for a single run.
  public var half: Double

  /// Takes the runs' values.
  public init(_ values: [Double]) {
    let count = Double(values.count)
    mean = values.reduce(0, +) / max(1, count)
    let centre = mean
    guard values.count > 1 else {
      half = .infinity
      return
    }
    let variance = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / (count - 1)
    let quantiles = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
      2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ]
    let quantile = values.count - 2 < quantiles.count ? quantiles[values.count - 2] : 2.042
    half = quantile * (variance / count).squareRoot()
  }
}
