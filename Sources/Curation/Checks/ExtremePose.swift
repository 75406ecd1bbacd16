/// Finds heads that are turned far from the camera: to the side, up or down, or on a shoulder.
///
/// The pose is estimated by a `HeadPoseModel` that is learnt from the dataset's own faces. The score is 1 for a frontal face and
/// 0 for one turned by 90 degrees or more; flagged is what is turned by more than 35. `fercure study pose` shows what is found.
/// Datasets of fewer than 200 different pictures are not judged.
public struct ExtremePose: FaceCheck {
  /// The name used in recipes and reports.
  public static let name = "extreme-pose"
  /// What it finds.
  public static let summary = "heads turned, nodding or leaning far from the camera"

  /// The poses are all it goes by.
  public static let needsPoses = true

  /// Faces whose angle is larger are flagged, in degrees.
  public var angle: Double

  /// Creates the check.
  public init() { self.init(angle: 35) }

  /// Creates the check with an angle of its own.
  public init(angle: Double) { self.angle = angle }

  /// Scores each face by its angle.
  public func judge(_ faces: FaceSet) -> FaceJudgement? {
    guard faces.poses.contains(where: { $0 != nil }) else { return nil }
    let poses = faces.poses
    return FaceJudgement(
      scores: poses.map { pose in pose.map { Self.score(angle: $0.angle) } }, threshold: Self.score(angle: angle)
    ) { index in
      "the head seems \(poses[index]?.description ?? "frontal")"
    }
  }

  private static func score(angle: Double) -> Double { max(0, 1 - angle / 90) }
}
