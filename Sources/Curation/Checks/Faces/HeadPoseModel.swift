internal import COpenBLAS
public import Imaging
import Randomness

/// Estimates how far a head is turned from the gradients of its picture; learnt from a dataset's own faces, without landmarks.
///
/// Nobody has measured the heads of such datasets, so known poses are made: the faces that are most like their mirror
/// image are taken for frontal and turned by known angles (`Image.turned`). A ridge regression from where gradients of which
/// direction are (`OrientedGradients`) to the three angles is fitted to those. It is made exactly symmetric: a mirrored face
/// gets the mirrored pose. Like every regression towards the mean it understates large angles.
public struct HeadPoseModel: Sendable {
  /// The faces that are turned to learn from are this share of all, the most symmetric ones.
  static let frontalShare = 0.25
  /// Turned faces that are learnt from.
  static let exampleCount = 4000
  /// The most pictures that are looked at to find frontal ones.
  static let most = 8000
  /// The largest turn, nod and lean that are learnt, in degrees.
  static let reach: [Float] = [60, 40, 40]

  /// [angle, gradient].
  private let weights: [Float]
  /// What is added to each angle.
  private let constants: [Float]

  /// Learns from gray pictures; nil when they are fewer than `FaceSet.fewest`.
  public init?(learningFrom images: [Image]) {
    guard images.count >= FaceSet.fewest else { return nil }
    let frontal = Self.mostSymmetric(images, count: max(1, Int(Double(images.count) * Self.frontalShare)))
    let (features, angles) = Self.turned(frontal)
    guard let fit = Self.ridge(features, angles) else { return nil }
    var weights = fit.weights
    for index in 0..<OrientedGradients.count {
      let other = OrientedGradients.mirrored(index)
      guard other >= index else { continue }
      for (angle, sign): (Int, Float) in [(0, -1), (1, 1), (2, -1)] {
        let row = angle * OrientedGradients.count
        let mean = (weights[row + index] + sign * weights[row + other]) / 2
        weights[row + index] = mean
        weights[row + other] = sign * mean
      }
    }
    self.weights = weights
    constants = [0, fit.constants[1], 0]
  }

  /// Pictures to learn from, gray and evenly over `samples`, at most `most`; blank ones are left out.
  static func examples(of samples: [Sample], in source: some SampleSource) throws -> [Image] {
    let count = min(samples.count, most)
    var images: [Image] = []
    try source.forEachImage(of: (0..<count).map { samples[$0 * samples.count / max(1, count)] }) { _, image in
      if !PictureStatistics.isBlank(image) { images.append(image.convertedToGray()) }
    }
    return images
  }

  /// The pose of the head in a gray picture.
  public func callAsFunction(_ gray: Image) -> HeadPose {
    let features = Self.features(of: gray)
    let angles = (0..<3).map { angle -> Float in
      var sum = constants[angle]
      for index in features.indices { sum += weights[angle * features.count + index] * features[index] }
      return sum
    }
    return HeadPose(turn: angles[0], nod: angles[1], lean: angles[2])
  }

  /// The `count` pictures that are most like their mirror image, most of all first.
  ///
  /// Not the very first fiftieth: what is perfectly symmetric is a drawing, or glued together.
  static func mostSymmetric(_ images: [Image], count: Int) -> [Image] {
    let found = try? concurrentMap(images.count) { index in
      FaceSet.symmetry(of: FaceSet.even(FaceTable.face(of: images[index])[...]))
    }
    let symmetry = found ?? []
    let ranked = symmetry.indices.sorted { (symmetry[$0], $1) > (symmetry[$1], $0) }
    return ranked.dropFirst(images.count / 50).prefix(count).map { images[$0] }
  }

  /// Root gradients of norm 1.
  private static func features(of gray: Image) -> [Float] {
    var features = OrientedGradients.sums(of: gray)
    var squares: Float = 1e-6
    for index in features.indices {
      squares += features[index]
      features[index] = features[index].squareRoot()
    }
    let norm = squares.squareRoot()
    for index in features.indices { features[index] /= norm }
    return features
  }

  /// Faces turned by chance, as rows of features and of three angles.
  private static func turned(_ faces: [Image]) -> (features: [[Float]], angles: [[Float]]) {
    let blocks = 60
    let made = try? concurrentMap(blocks) { block in
      stride(from: block, to: exampleCount, by: blocks).map { number -> (features: [Float], angles: [Float]) in
        var generator = SeededGenerator(seed: 1, "head-pose", String(number))
        // Every axis rests in three cases of ten, so that each is seen without the others.
        let angles = reach.map { generator.chance(0.7) ? Float(generator.uniform(in: -1...1)) * $0 : 0 }
        let face = faces[number % faces.count]
        let pose = HeadPose(turn: angles[0], nod: angles[1], lean: angles[2])
        return (features(of: (generator.chance(0.5) ? face.flipped() : face).posed(pose)), angles)
      }
    }
    let all = (made ?? []).flatMap { $0 }
    return (all.map(\.features), all.map(\.angles))
  }

  /// Minimises the squared error plus the squared weights, of features and angles without their means.
  private static func ridge(_ features: [[Float]], _ angles: [[Float]]) -> (weights: [Float], constants: [Float])? {
    let (count, width, outputs) = (features.count, OrientedGradients.count, reach.count)
    guard count > 0 else { return nil }
    func means(_ rows: [[Float]], _ width: Int) -> [Double] {
      (0..<width).map { column in rows.reduce(0) { $0 + Double($1[column]) } / Double(count) }
    }
    let (featureMeans, angleMeans) = (means(features, width), means(angles, outputs))
    // Column by column, as LAPACK has matrices: a row of features is a column of [width, count].
    let centred = features.flatMap { row in (0..<width).map { Double(row[$0]) - featureMeans[$0] } }
    var normal = [Double](repeating: 0, count: width * width)
    for index in 0..<width { normal[index * width + index] = 1 }
    var right = [Double](repeating: 0, count: width * outputs)
    for (number, row) in angles.enumerated() {
      for angle in 0..<outputs {
        let wanted = Double(row[angle]) - angleMeans[angle]
        for index in 0..<width { right[angle * width + index] += wanted * centred[number * width + index] }
      }
    }
    var (order, samples, columns, one, info) = (Int32(width), Int32(count), Int32(outputs), 1.0, Int32(0))
    dsyrk_("U", "N", &order, &samples, &one, centred, &order, &one, &normal, &order, 1, 1)
    dposv_("U", &order, &columns, &normal, &order, &right, &order, &info, 1)
    guard info == 0 else { return nil }
    let constants = (0..<outputs).map { angle in
      Float(angleMeans[angle] - (0..<width).reduce(0) { $0 + right[angle * width + $1] * featureMeans[$1] })
    }
    return (right.map { Float($0) }, constants)
  }
}

extension Image {
  /// A frontal face that fills the picture, with its head in a pose.
  func posed(_ pose: HeadPose) -> Image {
    let radians = Double.pi / 180
    return turned(
      HeadTurn(yaw: Double(pose.turn) * radians, pitch: Double(pose.nod) * radians), lean: Double(pose.lean) * radians)
  }
}
