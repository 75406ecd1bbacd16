import Randomness

/// The few directions in which the faces of a dataset differ most: their principal components ("eigenfaces").
///
/// What lies far from the space is no usual face: a drawing, a hand before the mouth, half a face.
/// Source: Turk and Pentland, "Eigenfaces for recognition" (1991).
public struct FaceSpace: Sendable {
  /// The mean face.
  public let mean: [Float]
  /// Orthonormal directions, most important first.
  public let directions: [[Float]]

  /// How many directions are kept: at most 40, and no more than one for twenty faces, so that no odd picture gets a
  /// direction of its own.
  static func dimension(faces count: Int) -> Int { max(1, min(40, count / 20)) }

  /// Finds the space of faces by subspace iteration on their covariance, which needs no more than products.
  public init(of faces: [[Float]]) {
    precondition(!faces.isEmpty, "A space needs faces")
    let length = faces[0].count
    var mean = [Float](repeating: 0, count: length)
    for face in faces { for index in 0..<length { mean[index] += face[index] } }
    for index in 0..<length { mean[index] /= Float(faces.count) }
    var covariance = [Float](repeating: 0, count: length * length)
    for face in faces {
      let centred = (0..<length).map { face[$0] - mean[$0] }
      for row in 0..<length {
        let value = centred[row]
        for column in row..<length { covariance[row * length + column] += value * centred[column] }
      }
    }
    for row in 0..<length {
      for column in 0..<row { covariance[row * length + column] = covariance[column * length + row] }
    }

    var generator = SeededGenerator(seed: 1, "face-space")
    var basis = (0..<min(Self.dimension(faces: faces.count), length)).map { _ in
      (0..<length).map { _ in Float(generator.normal()) }
    }
    Self.orthonormalize(&basis)
    for _ in 0..<12 {
      basis = basis.map { direction in
        var product = [Float](repeating: 0, count: length)
        for row in 0..<length {
          let value = direction[row]
          for column in 0..<length { product[column] += value * covariance[row * length + column] }
        }
        return product
      }
      Self.orthonormalize(&basis)
    }
    self.mean = mean
    directions = basis
  }

  /// What the space, or the first `count` directions of it, cannot show of a face, level by level.
  public func residual(of face: [Float], beyond count: Int = .max) -> [Float] {
    var rest = (0..<face.count).map { face[$0] - mean[$0] }
    for direction in directions.prefix(count) {
      var share: Float = 0
      for index in rest.indices { share += direction[index] * rest[index] }
      for index in rest.indices { rest[index] -= share * direction[index] }
    }
    return rest
  }

  /// Gram and Schmidt's method, modified: each direction loses what it has of those before.
  private static func orthonormalize(_ basis: inout [[Float]]) {
    for index in basis.indices {
      var direction = basis[index]
      let before = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for other in basis[..<index] {
        var share: Float = 0
        for place in direction.indices { share += other[place] * direction[place] }
        for place in direction.indices { direction[place] -= share * other[place] }
      }
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // What is left of a direction that lies in those before is rounding, no direction.
      basis[index] = norm > 1e-4 * before ? direction.map { $0 / norm } : [Float](repeating: 0, count: direction.count)
    }
  }
}
