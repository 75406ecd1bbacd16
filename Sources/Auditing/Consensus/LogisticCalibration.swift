/// Makes probabilities as sure as outcomes show them to be: P(right) = 1 / (1 + exp(-(a logit(p) + b))).
///
/// Strictly rising, so that it changes no ranking, and two numbers, so that a thousand outcomes settle it. Fitted by
/// Newton's method; pulled towards a = 1, b = 0 by `caution`: the few dozen outcomes that a few hundred votes give say little
/// against probabilities that were honest already. Source: Platt 1999.
struct LogisticCalibration: Sendable, Equatable {
  /// a; never negative.
  private(set) var slope = 1.0
  /// b.
  private(set) var intercept = 0.0

  /// Half of it times the squared distance is the pull, against the logarithm of the likelihood: as much as 160 outcomes at even odds.
  private static let caution = 40.0

  /// Fits probabilities to outcomes; none leaves probabilities as they are.
  init(_ outcomes: [(probability: Double, isRight: Bool)]) {
    guard !outcomes.isEmpty else { return }
    let inputs = outcomes.map { Self.logOdds($0.probability) }
    for _ in 0..<100 {
      var gradient = (Self.caution * (slope - 1), Self.caution * intercept)
      var (aa, ab, bb) = (Self.caution, 0.0, Self.caution)
      for (x, outcome) in zip(inputs, outcomes) {
        let p = sigmoid(slope * x + intercept)
        let error = p - (outcome.isRight ? 1 : 0)
        let weight = p * (1 - p)
        gradient.0 += error * x
        gradient.1 += error
        aa += weight * x * x
        ab += weight * x
        bb += weight
      }
      let determinant = aa * bb - ab * ab
      let step = (
        (bb * gradient.0 - ab * gradient.1) / determinant, (aa * gradient.1 - ab * gradient.0) / determinant
      )
      // Where all probabilities are near 1 the curvature is next to nothing: a whole step would not come back.
      let scale = 1 / max(1, abs(step.0), abs(step.1))
      slope -= scale * step.0
      intercept -= scale * step.1
      if abs(step.0) + abs(step.1) < 1e-10 { break }
    }
    // Outcomes that get worse with the probability say that it means nothing, not that it means the reverse.
    guard slope < 0.05 else { return }
    slope = 0.05
    for _ in 0..<100 {
      var (gradient, curvature) = (Self.caution * intercept, Self.caution)
      for (x, outcome) in zip(inputs, outcomes) {
        let p = sigmoid(slope * x + intercept)
        gradient += p - (outcome.isRight ? 1 : 0)
        curvature += p * (1 - p)
      }
      intercept -= max(-1, min(1, gradient / curvature))
    }
  }

  /// The probability of being right.
  func callAsFunction(_ probability: Double) -> Double {
    sigmoid(slope * Self.logOdds(probability) + intercept)
  }

  private static func logOdds(_ p: Double) -> Double { logit(p, within: 1e-6) }
}
