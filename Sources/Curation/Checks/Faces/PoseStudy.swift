public import Imaging

/// How the checks of faces answer to heads that are known to be turned: a dataset's own faces, turned on purpose.
///
/// No public set of tightly cropped faces says how far each head is turned, so known turns are made: of the upright faces that are
/// most like their mirror image, turned as ellipsoids (`Image.turned`) or, for the tilt, in the plane of the picture. Each
/// group of turned faces is judged among the dataset's other faces, as one of them would be.
public struct PoseStudy: Sendable {
  /// What a head does.
  public enum Axis: String, Sendable, CaseIterable, Codable {
    /// Turns to the side.
    case turn
    /// Looks down (positive) or up.
    case nod
    /// Leans on a shoulder, in the plane of the picture.
    case tilt
  }

  /// What the checks say of one axis and angle.
  public struct Row: Sendable, Encodable {
    /// What the heads did.
    public var axis: Axis
    /// How far.
    public var degrees: Double
    /// By check: the mean score, 0 (severe) to 1 (fine).
    public var scores: [String: Double]
    /// By check: the share that is flagged.
    public var flagged: [String: Double]
    /// By check: how often a turned face scores below one that is not, one half by chance.
    public var separation: [String: Double]
  }

  private let checks: [any FaceCheck] = [ExtremePose(), Outliers()]
  private let others: [Image]
  /// The faces that are turned, upright as they are.
  public let faces: [Image]

  /// Chooses `count` frontal faces among the first 20 x `count` pictures of a source; the others are the crowd.
  ///
  /// - Throws: `ChecksError.tooFewFaces`; whatever the source throws.
  public init(_ source: some SampleSource, count: Int) throws {
    precondition(count > 0, "A study of poses has faces")
    let samples = try source.samples()
    let most = min(samples.count, 20 * count)
    var images: [Image] = []
    try source.forEachImage(of: (0..<most).map { samples[$0 * samples.count / max(1, most)] }) { _, image in
      images.append(image.convertedToGray())
    }
    images.removeAll { PictureStatistics.isBlank($0) }
    guard images.count >= FaceSet.fewest + count else {
      throw ChecksError.tooFewFaces(images.count, needed: FaceSet.fewest + count)
    }
    let set = Self.set(images)
    let symmetry = set.map { ExtremePose.symmetry(of: $0) }
    let ranked = images.indices.sorted { (symmetry[$0] ?? 0, $1) > (symmetry[$1] ?? 0, $0) }
    // Not the very first: perfect symmetry is a drawing or a mirror image glued to itself.
    let frontal = ranked[(images.count / 50)...].prefix(count)
    let chosen = Set(frontal)
    faces = frontal.map { images[$0] }
    others = images.indices.filter { !chosen.contains($0) }.map { images[$0] }
  }

  /// One face with its head turned.
  public static func turned(_ face: Image, _ axis: Axis, degrees: Double) -> Image {
    let angle = degrees * .pi / 180
    return switch axis {
    case .turn: face.turned(HeadTurn(yaw: angle, pitch: 0))
    case .nod: face.turned(HeadTurn(yaw: 0, pitch: angle))
    case .tilt: face.rotated(degrees: degrees)
    }
  }

  /// Judges the faces turned by every angle.
  public func rows(_ axes: [Axis] = Axis.allCases, degrees: [Double]) -> [Row] {
    let still = scores(of: faces)
    return axes.flatMap { axis in
      degrees.map { angle in
        let turned = scores(of: faces.map { Self.turned($0, axis, degrees: angle) })
        var row = Row(axis: axis, degrees: angle, scores: [:], flagged: [:], separation: [:])
        for (check, values) in turned {
          let count = Double(max(1, values.scores.count))
          row.scores[check] = values.scores.reduce(0, +) / count
          row.flagged[check] = Double(values.scores.count { $0 < values.threshold }) / count
          row.separation[check] = Self.separation(values.scores, still[check]?.scores ?? [])
        }
        return row
      }
    }
  }

  private func scores(of faces: [Image]) -> [String: (scores: [Double], threshold: Double)] {
    let set = Self.set(others + faces)
    var result: [String: (scores: [Double], threshold: Double)] = [:]
    for check in checks {
      guard let judgement = check.judge(set) else { continue }
      result[type(of: check).name] = (judgement.scores[others.count...].compactMap { $0 }, judgement.threshold)
    }
    return result
  }

  private static func set(_ images: [Image]) -> FaceSet {
    var table = FaceTable()
    for image in images { table.append(FaceTable.face(of: image)) }
    return FaceSet(table, isBlank: [Bool](repeating: false, count: images.count))
  }

  /// The probability that one of `low` is below one of `high`, ties counted half.
  private static func separation(_ low: [Double], _ high: [Double]) -> Double {
    guard !low.isEmpty, !high.isEmpty else { return 0.5 }
    var sum = 0.0
    for a in low { for b in high { sum += a < b ? 1 : a == b ? 0.5 : 0 } }
    return sum / Double(low.count * high.count)
  }
}
