/// Finds pictures that are not like the other faces: drawings, hands and hats before the face, faces cut in half.
///
/// The score is 1 less the part of a face that the 40 most important directions of the dataset cannot show. Flagged is
/// what scores below the lower quartile by more than 1.8 times the distance of the quartiles (Tukey's fence, set wider).
/// Faces are compared at 16 x 16 pixels, without their brightness, contrast and even light from one side. Datasets of fewer
/// than 200 different pictures are not judged.
public struct Outliers: FaceCheck {
  /// The name used in recipes and reports.
  public static let name = "outliers"
  /// What it finds.
  public static let summary = "pictures unlike the other faces: drawings, occluded or cut faces"

  /// How many times the distance of the quartiles the fence is away from the lower one.
  public var reach: Double

  /// Creates the check.
  public init() { self.init(reach: 1.8) }

  /// Creates the check with a fence of its own.
  public init(reach: Double) { self.reach = reach }

  /// Measures what is left of each face beside the space.
  public func judge(_ faces: FaceSet) -> FaceJudgement? {
    guard let space = faces.space else { return nil }
    let rests = faces.map { face -> (size: Double, place: String) in
      let rest = space.residual(of: face)
      return (Double(rest.reduce(0) { $0 + $1 * $1 }.squareRoot()), Self.place(of: rest))
    }
    let sorted = rests.compactMap { $0.map { 1 - $0.size } }.sorted()
    let (lower, upper) = (sorted[sorted.count / 4], sorted[sorted.count * 3 / 4])
    let scores = rests.map { $0.map { 1 - $0.size } }
    return FaceJudgement(scores: scores, threshold: lower - reach * (upper - lower)) { index in
      let rest = rests[index]
      return
        "\(oneDecimal((rest?.size ?? 0) * 100)) % of the face is unlike the others, most of it \(rest?.place ?? "")"
    }
  }

  /// Where most of a residual is: "at the upper left", "in the middle".
  private static func place(of rest: [Float]) -> String {
    let side = FaceTable.side
    let names = [
      "at the upper left", "at the top", "at the upper right", "at the left", "in the middle", "at the right",
      "at the lower left", "at the bottom", "at the lower right",
    ]
    var sums = [Float](repeating: 0, count: 9)
    for y in 0..<side {
      for x in 0..<side { sums[y * 3 / side * 3 + x * 3 / side] += rest[y * side + x] * rest[y * side + x] }
    }
    return names[sums.indices.max { sums[$0] < sums[$1] } ?? 4]
  }
}
