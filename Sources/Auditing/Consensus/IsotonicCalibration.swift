/// A rising step function from a score to the probability of being right, fitted by pooling adjacent violators.
///
/// Source: Zadrozny and Elkan 2002; values between steps are interpolated. Two imagined outcomes, one right and one
/// wrong, are added to each pool, so that a short list at the end never claims certainty.
public struct IsotonicCalibration: Sendable, Equatable {
  private let scores: [Double]
  private let probabilities: [Double]

  /// Fits scores to outcomes.
  public init(_ outcomes: [(score: Double, isRight: Bool)]) {
    struct Pool {
      var scoreSum: Double
      var right: Double
      var count: Double
      var value: Double { (right + 1) / (count + 2) }
    }
    var pools: [Pool] = []
    let sorted = outcomes.sorted { $0.score < $1.score }
    // Starting from pools of equal size keeps single outcomes from making steps of their own; equal scores stay together, for
    // nothing tells them apart but their order.
    let size = max(1, min(50, sorted.count / 10))
    var start = 0
    while start < sorted.count {
      var end = min(start + size, sorted.count)
      while end < sorted.count, sorted[end].score == sorted[end - 1].score { end += 1 }
      let part = sorted[start..<end]
      start = end
      pools.append(
        Pool(
          scoreSum: part.reduce(0) { $0 + $1.score }, right: Double(part.count { $0.isRight }),
          count: Double(part.count)))
      while pools.count > 1, pools[pools.count - 2].value >= pools[pools.count - 1].value {
        let last = pools.removeLast()
        pools[pools.count - 1].scoreSum += last.scoreSum
        pools[pools.count - 1].right += last.right
        pools[pools.count - 1].count += last.count
      }
    }
    scores = pools.map { $0.scoreSum / $0.count }
    probabilities = pools.map(\.value)
  }

  /// The probability that belongs to a score.
  public func callAsFunction(_ score: Double) -> Double {
    guard let first = scores.first, let last = scores.last else { return score }
    if score <= first { return probabilities[0] * (first > 0 ? max(0, score) / first : 1) }
    if score >= last { return probabilities[probabilities.count - 1] }
    let upper = scores.firstIndex { $0 > score } ?? scores.count - 1
    let share = (score - scores[upper - 1]) / (scores[upper] - scores[upper - 1])
    return probabilities[upper - 1] + share * (probabilities[upper] - probabilities[upper - 1])
  }
}
