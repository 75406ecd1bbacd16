import Randomness

/// Which wrong label a person gives to an expression: the noise model of the synthetic dataset.
///
/// It follows what human labels of FER2013 look like beside FER+ votes: weak faces are called neutral, fear is taken
/// for surprise or sadness, disgust for anger; anger, sadness and neutral are mixed up in every direction.
enum ExpressionConfusion {
  /// How the wrong labels of each true expression are spread, in label order; a row's own entry is 0.
  static func weights(of truth: FaceExpression) -> [Double] {
    switch truth {
    //             angry disgust fear happy  sad surprise neutral
    case .angry: [0.00, 0.10, 0.15, 0.05, 0.30, 0.05, 0.35]
    case .disgust: [0.55, 0.00, 0.05, 0.05, 0.20, 0.00, 0.15]
    case .fear: [0.15, 0.02, 0.00, 0.03, 0.25, 0.45, 0.10]
    case .happy: [0.05, 0.02, 0.05, 0.00, 0.08, 0.25, 0.55]
    case .sad: [0.20, 0.03, 0.20, 0.05, 0.00, 0.02, 0.50]
    case .surprise: [0.05, 0.01, 0.55, 0.20, 0.04, 0.00, 0.15]
    case .neutral: [0.20, 0.02, 0.08, 0.15, 0.50, 0.05, 0.00]
    }
  }

  /// Draws a wrong label for `truth`.
  static func wrongLabel(for truth: FaceExpression, using generator: inout some RandomNumberGenerator) -> FaceExpression
  {
    var threshold = generator.uniform() * weights(of: truth).reduce(0, +)
    for (expression, weight) in zip(FaceExpression.allCases, weights(of: truth)) where weight > 0 {
      threshold -= weight
      if threshold < 0 { return expression }
    }
    return truth == .neutral ? .sad : .neutral
  }
}
