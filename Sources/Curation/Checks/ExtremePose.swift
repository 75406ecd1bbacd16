/// Finds heads that are turned or tilted far from the camera: profiles, faces on a shoulder.
///
/// A face seen from the front is nearly its own mirror image. The score is the correlation of a face with its mirror image,
/// at the best of nine positions of the axis, from 0 (none) to 1; flagged is what scores below 0.1. Faces are compared
/// at 16 x 16 pixels and without even light from one side; hard light from one side and a hand at a cheek still look like
/// a turned head. Looking straight up or down keeps the symmetry and is not seen.
public struct ExtremePose: FaceCheck {
  /// The name used in recipes and reports.
  public static let name = "extreme-pose"
  /// What it finds.
  public static let summary = "heads turned or tilted far from the camera"

  /// Faces that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.1) }

  /// Creates the check with a threshold of its own, 0 to 1.
  public init(threshold: Double) { self.threshold = threshold }

  /// Measures the symmetry of each face.
  public func judge(_ faces: FaceSet) -> FaceJudgement? {
    let scores = faces.map { max(0, Self.symmetry(of: $0)) }
    return FaceJudgement(scores: scores, threshold: threshold) { index in
      "the face correlates with its mirror image by \(oneDecimal((scores[index] ?? 0) * 100)) % only"
    }
  }

  /// The correlation of a face with its mirror image, moved by up to 4 of 16 columns.
  static func symmetry(of face: [Float]) -> Double {
    let side = FaceTable.side
    var best = -1.0
    for shift in -4...4 {
      // Column x of the face lies on column side - 1 - x + shift: both run over the columns that have a partner.
      let columns = max(0, shift)..<min(side, side + shift)
      var (sum, squares, products): (Float, Float, Float) = (0, 0, 0)
      for y in 0..<side {
        for x in columns {
          let value = face[y * side + x]
          sum += value
          squares += value * value
          products += value * face[y * side + side - 1 - x + shift]
        }
      }
      let area = Float(columns.count * side)
      let variance = squares - sum * sum / area
      if variance > 1e-9 { best = max(best, Double((products - sum * sum / area) / variance)) }
    }
    return best
  }
}
