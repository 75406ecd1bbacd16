#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A head that turned to the side and nodded, seen as an ellipsoid.
///
/// Places are given in the head's half axes: x to the right, y down, 0 in its middle.
public struct HeadTurn: Sendable {
  private let sinYaw: Float
  private let cosYaw: Float
  private let sinPitch: Float
  private let cosPitch: Float

  /// A turn to the side by `yaw` and a nod by `pitch`, in radians.
  public init(yaw: Double, pitch: Double) {
    (sinYaw, cosYaw) = (Float(sin(yaw)), Float(cos(yaw)))
    (sinPitch, cosPitch) = (Float(sin(pitch)), Float(cos(pitch)))
  }

  /// How far the head's surface stands out at a place; 0 beside the head.
  public static func depth(x: Float, y: Float) -> Float { max(0, 1 - x * x - y * y).squareRoot() }

  /// Where the point that is seen at a place was before the head moved: the nod is undone, then the turn.
  public func before(x: Float, y: Float, depth: Float) -> SIMD2<Float> {
    let unpitched = y * cosPitch - depth * sinPitch
    let deeper = y * sinPitch + depth * cosPitch
    return [x * cosYaw - deeper * sinYaw, unpitched]
  }
}

extension Image {
  /// The picture of a face that fills it, as if the head had turned and then leaned by `lean` radians to the picture's left.
  ///
  /// The head is an ellipsoid as wide as the picture and a little higher. The frame follows the face half of its way, as a
  /// detector's box would. What was hidden before the turn is not known: the border's mirror image stands in. Meant to know
  /// what turned heads look like, not to make training data.
  public func turned(_ turn: HeadTurn, lean: Double = 0) -> Image {
    let (halfWidth, halfHeight) = (Float(width) / 2, Float(height) * 0.575)
    let (middleX, middleY) = (Float(width - 1) / 2, Float(height - 1) / 2)
    let (sine, cosine) = (Float(sin(lean)), Float(cos(lean)))
    let moved = turn.before(x: 0, y: 0, depth: 1)
    return remapped { column, row in
      let (dx, dy) = (Float(column) - middleX, Float(row) - middleY)
      let x = (cosine * dx - sine * dy) / halfWidth - 0.55 * moved.x
      let y = (sine * dx + cosine * dy) / halfHeight - 0.55 * moved.y
      let before = turn.before(x: x, y: y, depth: HeadTurn.depth(x: x, y: y))
      return (Double(before.x * halfWidth + middleX), Double(before.y * halfHeight + middleY))
    }
  }
}
