/// The 32 lowest frequencies of a picture, independent of its brightness and contrast.
///
/// The luma, less its mean, divided by its norm and faded out at the sides, is projected on orthonormal cosines: a part of
/// its two-dimensional DCT-II. Neither fading nor projecting makes anything longer, so of two pictures of one size with
/// correlation c the signatures are at most `2 - 2 c` apart, squared: what is further apart need not be compared pixel by
/// pixel.
///
///     let limit = 2 - 2 * 0.97
///     a.squaredDistance(to: b) > limit  // then the pictures correlate by less than 0.97
@frozen
public struct PictureSignature: Sendable, Hashable {
  /// The 16 lowest frequencies, lowest first.
  public var low: SIMD16<Float>
  /// The 16 frequencies above.
  public var high: SIMD16<Float>

  /// Creates a signature from its numbers.
  @inlinable
  public init(low: SIMD16<Float>, high: SIMD16<Float>) {
    self.low = low
    self.high = high
  }

  /// The signature of the mirror image: odd horizontal frequencies change their sign.
  public var mirrored: PictureSignature {
    PictureSignature(low: low * SignatureBasis.mirrorLow, high: high * SignatureBasis.mirrorHigh)
  }

  /// The square of the distance to another signature, if it is at most `limit`; else something above it.
  ///
  /// The lower half tells most pairs apart already.
  @inlinable @inline(__always)
  public func squaredDistance(to other: PictureSignature, limit: Float = .infinity) -> Float {
    let a = low - other.low
    let near = Self.total(a * a)
    if near > limit { return near }
    let b = high - other.high
    return near + Self.total(b * b)
  }

  /// The inner product of the lowest frequencies with a direction.
  @inlinable @inline(__always)
  public func projected(on direction: SIMD16<Float>) -> Float { Self.total(low * direction) }

  /// The sum of 16 numbers, half by half: `sum()` goes number by number.
  @inlinable @inline(__always)
  static func total(_ values: SIMD16<Float>) -> Float {
    let eight = values.lowHalf + values.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// A signature of zeros: that of a picture of one level.
  public static let zero = PictureSignature(low: .zero, high: .zero)
}
