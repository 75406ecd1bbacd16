public import Imaging

/// How the checks of faces answer to heads that are known to be turned: a dataset's own faces, turned on purpose.
///
/// No public set of tightly cropped faces says how far each head is turned, so known turns are made: of the faces that are
/// most like their mirror image. They are judged by what is learnt from the other faces, as one of those would be.
public struct PoseStudy: Sendable {
  /// What a head does.
  public enum Axis: String, Sendable, CaseIterable, Codable {
    /// Turns to the side; positive is towards the right of the picture.
    case turn
    /// Looks down (positive) or up.
    case nod
    /// Leans on a shoulder; positive is towards the left of the picture.
    case lean
  }

  /// What the checks say of one axis and angle.
  public struct Row: Sendable, Encodable {
    /// What the heads did.
    public var axis: Axis
    /// How far.
    public var degrees: Double
    /// How far by the model, in the mean.
    public var estimated: Double
    /// By check: the mean score, 0 (severe) to 1 (fine).
    public var scores: [String: Double]
    /// By check: the share that is flagged.
    public var flagged: [String: Double]
    /// By check: how often a turned face scores below one that is not, one half by chance.
    public var separation: [String: Double]
  }

  private let checks: [any FaceCheck] = [ExtremePose(), Outliers()]
  private let model: HeadPoseModel
  private let others: [Image]
  /// The faces that are turned, as they are.
  public let faces: [Image]

  /// Chooses `count` frontal faces of a source; the model is learnt from the others.
  ///
  /// - Throws: `ChecksError.tooFewFaces`; whatever the source throws.
  public init(_ source: some SampleSource, count: Int) throws {
    precondition(count > 0, "A study of poses has faces")
    let images = try HeadPoseModel.examples(of: source.samples(), in: source)
    let frontal = HeadPoseModel.mostSymmetric(images, count: 2 * count)
    // Every second, so that the model sees frontal faces too.
    faces = stride(from: 0, to: frontal.count, by: 2).map { frontal[$0] }
    let chosen = Set(faces.map(\.pixels))
    others = images.filter { !chosen.contains($0.pixels) }
    guard faces.count == count, let model = HeadPoseModel(learningFrom: others) else {
      throw ChecksError.tooFewFaces(images.count, needed: FaceSet.fewest + count)
    }
    self.model = model
  }

  /// One face with its head turned.
  public static func turned(_ face: Image, _ axis: Axis, degrees: Double) -> Image {
    let angle = Float(degrees)
    return face.posed(
      HeadPose(turn: axis == .turn ? angle : 0, nod: axis == .nod ? angle : 0, lean: axis == .lean ? angle : 0))
  }

  /// Judges the faces turned by every angle.
  public func rows(_ axes: [Axis] = Axis.allCases, degrees: [Double]) -> [Row] {
    let still = judged(faces).scores
    return axes.flatMap { axis in
      degrees.map { angle in
        let (poses, scores) = judged(faces.map { Self.turned($0, axis, degrees: angle) })
        let estimates = poses.map { Double(axis == .turn ? $0.turn : axis == .nod ? $0.nod : $0.lean) }
        var row = Row(
          axis: axis, degrees: angle, estimated: estimates.reduce(0, +) / Double(max(1, estimates.count)), scores: [:],
          flagged: [:], separation: [:])
        for (check, values) in scores {
          let count = Double(max(1, values.scores.count))
          row.scores[check] = values.scores.reduce(0, +) / count
          row.flagged[check] = Double(values.scores.count { $0 < values.threshold }) / count
          row.separation[check] = Self.separation(values.scores, still[check]?.scores ?? [])
        }
        return row
      }
    }
  }

  /// What the model says of faces, and what each check makes of them among the others.
  private func judged(_ faces: [Image]) -> (
    poses: [HeadPose], scores: [String: (scores: [Double], threshold: Double)]
  ) {
    let poses = faces.map { model($0) }
    var table = FaceTable()
    for image in others + faces { table.append(FaceTable.face(of: image)) }
    let set = FaceSet(
      table, isBlank: [Bool](repeating: false, count: table.count),
      poses: [HeadPose?](repeating: nil, count: others.count) + poses)
    var result: [String: (scores: [Double], threshold: Double)] = [:]
    for check in checks {
      guard let judgement = check.judge(set) else { continue }
      result[type(of: check).name] = (judgement.scores[others.count...].compactMap { $0 }, judgement.threshold)
    }
    return (poses, result)
  }

  /// The probability that one of `low` is below one of `high`, ties counted half.
  private static func separation(_ low: [Double], _ high: [Double]) -> Double {
    guard !low.isEmpty, !high.isEmpty else { return 0.5 }
    var sum = 0.0
    for a in low { for b in high { sum += a < b ? 1 : a == b ? 0.5 : 0 } }
    return sum / Double(low.count * high.count)
  }
}
