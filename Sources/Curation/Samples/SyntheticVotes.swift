import Randomness

/// The votes of ten simulated taggers on one picture, in the shape of FER+.
///
/// Taggers see the truth more often in strong expressions than in weak ones, and err as `ExpressionConfusion` says.
enum SyntheticVotes {
  static let taggers = 10

  /// The header of a FER+ file.
  static let header =
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"

  /// The columns that belong to the expressions, in FER+'s order.
  private static let columns: [FaceExpression] = [.neutral, .happy, .surprise, .sad, .angry, .disgust, .fear]

  /// Draws the ten counts of one picture: the seven expressions, contempt, unknown, and not a face.
  static func counts(
    truth: FaceExpression?, intensity: Double, using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    var counts = [Int](repeating: 0, count: 10)
    for _ in 0..<taggers {
      guard let truth else {
        counts[generator.chance(0.9) ? 9 : 8] += 1
        continue
      }
      let clarity = truth == .neutral ? 0.8 : 0.5 + 0.45 * intensity
      if generator.chance(0.02) {
        counts[generator.chance(0.5) ? 7 : 8] += 1
        continue
      }
      let seen =
        generator.chance(clarity) ? truth : ExpressionConfusion.wrongLabel(for: truth, using: &generator)
      if let column = columns.firstIndex(of: seen) { counts[column] += 1 }
    }
    return counts
  }
}
