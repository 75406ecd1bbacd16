/// A picture's signature and how it changes when the picture moves.
///
/// To first order a picture that is moved by (x, y) pixels has the signature `still + x * right + y * down`. So two
/// signatures tell by themselves how one picture has to be moved to lie on the other, and what differs then: the step of
/// Lucas and Kanade (An Iterative Image Registration Technique, 1981) on 32 numbers in place of all pixels.
@frozen
public struct MovableSignature: Sendable, Hashable {
  /// The signature.
  public var still: PictureSignature
  /// What is added to it for each pixel to the right.
  public var right: PictureSignature
  /// What is added to it for each pixel down.
  public var down: PictureSignature

  /// How one picture lies on another one.
  @frozen
  public struct Move: Sendable {
    /// Columns by which the first is moved to the right.
    public var x: Float
    /// Rows by which the first is moved down.
    public var y: Float
    /// The square of what the signatures differ by after it.
    public var left: Float

    /// Creates a move.
    @inlinable
    public init(x: Float, y: Float, left: Float) {
      self.x = x
      self.y = y
      self.left = left
    }
  }

  /// Creates a signature from its parts.
  @inlinable
  public init(still: PictureSignature, right: PictureSignature, down: PictureSignature) {
    self.still = still
    self.right = right
    self.down = down
  }

  /// A signature of zeros: that of a picture of one level.
  public static let zero = MovableSignature(still: .zero, right: .zero, down: .zero)

  /// The signature of the mirror image.
  public var mirrored: MovableSignature {
    // Where the picture moves right, its mirror image moves left.
    let left = right.mirrored
    return MovableSignature(
      still: still.mirrored, right: PictureSignature(low: -left.low, high: -left.high), down: down.mirrored)
  }

  /// The move of this picture, to the first order, after which the signatures differ least; nil if they differ by more than
  /// `limit` then.
  ///
  /// The change is taken half from each of the two, which makes the error of the third order. The lower half tells most pairs
  /// apart already: whatever the move, all frequencies leave no less than some of them at their best.
  @inlinable @inline(__always)
  public func move(to other: MovableSignature, limit: Float = .infinity) -> Move? {
    var sums = Sums(
      other.still.low - still.low, (right.low + other.right.low) * 0.5, (down.low + other.down.low) * 0.5)
    guard sums.best.left <= limit else { return nil }
    sums += Sums(
      other.still.high - still.high, (right.high + other.right.high) * 0.5, (down.high + other.down.high) * 0.5)
    let best = sums.best
    return best.left <= limit ? best : nil
  }

  /// The inner products of a difference and of what moving changes, which tell the best move.
  @usableFromInline
  struct Sums {
    @usableFromInline var difference, xx, yy, xy, x, y: Float

    @inlinable @inline(__always)
    init(_ difference: SIMD16<Float>, _ right: SIMD16<Float>, _ down: SIMD16<Float>) {
      self.difference = PictureSignature.total(difference * difference)
      xx = PictureSignature.total(right * right)
      yy = PictureSignature.total(down * down)
      xy = PictureSignature.total(right * down)
      x = PictureSignature.total(right * difference)
      y = PictureSignature.total(down * difference)
    }

    @inlinable @inline(__always)
    static func += (a: inout Sums, b: Sums) {
      a.difference += b.difference
      a.xx += b.xx
      a.yy += b.yy
      a.xy += b.xy
      a.x += b.x
      a.y += b.y
    }

    @inlinable @inline(__always)
    var best: Move {
      let (xx, yy) = (xx + 1e-9, yy + 1e-9)
      // Where a picture changes alike whichever way it moves, the determinant is nothing but rounding.
      let determinant = max(xx * yy - xy * xy, 1e-6 * xx * yy)
      let move = (x: (yy * x - xy * y) / determinant, y: (xx * y - xy * x) / determinant)
      return Move(x: move.x, y: move.y, left: difference - move.x * x - move.y * y)
    }
  }
}
