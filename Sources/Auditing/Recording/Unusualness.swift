internal import Curation
internal import Imaging

/// How unlike most pictures of a dataset one is, by the directions of its gradients, and how unlike its own mirror image.
///
/// Most pictures are faces, so a space of few directions shows what faces have in common; what is left of a picture beyond it is
/// what no face has.
struct Unusualness {
  /// What is left of a picture is measured beyond the first so many directions of the space.
  private static let steps = [0, 5, 20, 40]
  /// More pictures than this make the space no better.
  private static let mostPictures = 6000
  /// Numbers a picture has.
  static let count = steps.count + 2

  private let space: FaceSpace

  /// - Parameter pictures: of each the numbers of `OrientedGradients`, standardised.
  init(among pictures: [[Float]]) {
    let stride = max(1, pictures.count / Self.mostPictures)
    space = FaceSpace(of: pictures.indices.filter { $0 % stride == 0 }.map { pictures[$0] })
  }

  /// The logarithms of what is left beyond each step, how far the picture is from its mirror image, and that as a share of all.
  func traits(of picture: [Float]) -> [Float] {
    let left = Self.steps.map { Float(safeLog(Double(1 + Self.square(space.residual(of: picture, beyond: $0))))) }
    let uneven = picture.indices.map { picture[$0] - picture[OrientedGradients.mirrored($0)] }
    let distance = Self.square(uneven).squareRoot()
    return left + [distance, distance / (1 + Self.square(picture)).squareRoot()]
  }

  private static func square(_ values: [Float]) -> Float { values.reduce(0) { $0 + $1 * $1 } }
}
