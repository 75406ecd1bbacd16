/// The faces of a dataset, small, lit evenly and of one contrast.
public struct FaceSet: Sendable {
  private let table: FaceTable
  private let isBlank: [Bool]
  /// How each head is turned; nil for blank pictures, and for all when there are too few to tell.
  public let poses: [HeadPose?]
  /// The space in which faces lie; nil when there are too few to tell.
  public let space: FaceSpace?

  /// The fewest faces from which a space is made.
  public static let fewest = 200

  init(_ table: FaceTable, isBlank: [Bool], poses: [HeadPose?]) {
    self.table = table
    self.isBlank = isBlank
    self.poses = poses
    let judged = (0..<table.count).filter { !isBlank[$0] }
    guard judged.count >= Self.fewest else {
      space = nil
      return
    }
    // Evenly over the dataset, whose classes often come one after the other.
    let most = 4000
    let chosen = judged.count <= most ? judged : (0..<most).map { judged[$0 * judged.count / most] }
    let faces = chosen.map { Self.even(table[$0]) }
    space = FaceSpace(of: faces)
  }

  /// How many faces there are.
  public var count: Int { table.count }

  /// A face without its mean and the plane of light over it, of norm 1; nil for a blank picture.
  public subscript(index: Int) -> [Float]? { isBlank[index] ? nil : Self.even(table[index]) }

  /// `body` of every face that is not blank, on all cores.
  public func map<T: Sendable>(_ body: @Sendable ([Float]) -> T) -> [T?] {
    let step = 256
    let blocks = try? concurrentMap((count + step - 1) / step) { block in
      (block * step..<min(count, (block + 1) * step)).map { index in self[index].map(body) }
    }
    return (blocks ?? []).flatMap { $0 }
  }

  /// Levels without their mean and the plane of light over them, of norm 1.
  static func even(_ levels: ArraySlice<UInt8>) -> [Float] {
    let side = FaceTable.side
    let centre = Float(side - 1) / 2
    var face = levels.map { Float($0) }
    let mean = face.reduce(0, +) / Float(face.count)
    var (slopeX, slopeY, spread): (Float, Float, Float) = (0, 0, 0)
    for y in 0..<side {
      for x in 0..<side {
        let value = face[y * side + x] - mean
        face[y * side + x] = value
        slopeX += (Float(x) - centre) * value
        slopeY += (Float(y) - centre) * value
        spread += (Float(x) - centre) * (Float(x) - centre)
      }
    }
    slopeX /= spread
    slopeY /= spread
    var squares: Float = 0
    for y in 0..<side {
      for x in 0..<side {
        let value = face[y * side + x] - slopeX * (Float(x) - centre) - slopeY * (Float(y) - centre)
        face[y * side + x] = value
        squares += value * value
      }
    }
    let norm = squares.squareRoot()
    guard norm > 1e-3 else { return [Float](repeating: 0, count: face.count) }
    for index in face.indices { face[index] /= norm }
    return face
  }
}
