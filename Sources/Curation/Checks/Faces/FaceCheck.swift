/// A check that judges pictures as faces, by how they differ from the others of the dataset.
///
/// All checks of this kind share one pass over the pictures and one space of faces when they run together.
public protocol FaceCheck: Check {
  /// Whether it goes by the poses of heads, which take longer to estimate than all else.
  static var needsPoses: Bool { get }
  /// Judges all pictures.
  ///
  /// - Returns: For each face of the set its score, 0 (severe) to 1 (fine), and below which score it is flagged; nil when
  ///   there are too few faces to tell what is usual.
  func judge(_ faces: FaceSet) -> FaceJudgement?
}

/// What a check says about all faces.
public struct FaceJudgement: Sendable {
  /// The score of each face; nil for those that are not judged.
  public var scores: [Double?]
  /// Faces that score below are flagged.
  public var threshold: Double
  /// What to say about a flagged face.
  public var detail: @Sendable (Int) -> String

  /// Creates a judgement.
  public init(scores: [Double?], threshold: Double, detail: @escaping @Sendable (Int) -> String) {
    self.scores = scores
    self.threshold = threshold
    self.detail = detail
  }
}

extension FaceCheck {
  /// Most go by the faces alone.
  public static var needsPoses: Bool { false }

  /// What a pass collects for it.
  static var wants: Set<PicturePass.Want> { needsPoses ? [.faces, .poses] : [.faces] }

  /// Decodes all pictures and judges each.
  public func findings(in source: some SampleSource, progress: Progress) throws -> [Finding] {
    let pass = try PicturePass(of: source, wants: Self.wants, progress: progress)
    guard let judgement = judge(FaceSet(pass.faces, isBlank: pass.isBlank, poses: pass.poses)) else { return [] }
    return pass.findings(of: self, judgement)
  }
}
