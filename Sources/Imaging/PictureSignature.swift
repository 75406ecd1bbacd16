#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The 32 lowest frequencies of a picture, independent of its brightness and contrast.
///
/// The luma, less its mean and divided by its norm, is projected on orthonormal cosines: a part of its two-dimensional
/// DCT-II. A projection makes nothing longer, so of two pictures of one size with correlation c the signatures are at
/// most `2 - 2 c` apart, squared: what is further apart need not be compared pixel by pixel.
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

  /// The square of the distance between two boxes, if it is at most `limit`; else something above it.
  ///
  /// Each box is given by its lowest and its highest numbers; 0 if they touch.
  @inlinable @inline(__always)
  public static func squaredGap(
    _ low: PictureSignature, _ high: PictureSignature, _ otherLow: PictureSignature, _ otherHigh: PictureSignature,
    limit: Float
  ) -> Float {
    let a = gap(otherLow.low - high.low, low.low - otherHigh.low)
    let near = total(a * a)
    if near > limit { return near }
    let b = gap(otherLow.high - high.high, low.high - otherHigh.high)
    return near + total(b * b)
  }

  /// The sum of 16 numbers, half by half: `sum()` goes number by number.
  @inlinable @inline(__always)
  static func total(_ values: SIMD16<Float>) -> Float {
    let eight = values.lowHalf + values.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// The larger of each two numbers, or 0 where both are negative.
  ///
  /// By sums and magnitudes: comparisons and `pointwiseMax` become no vector code.
  @inlinable @inline(__always)
  static func gap(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
    let larger = (a + b) + magnitude(a - b)
    return (larger + magnitude(larger)) * 0.25
  }

  /// The numbers without their signs.
  @inlinable @inline(__always)
  static func magnitude(_ values: SIMD16<Float>) -> SIMD16<Float> {
    unsafeBitCast(unsafeBitCast(values, to: SIMD16<UInt32>.self) & 0x7FFF_FFFF, to: SIMD16<Float>.self)
  }

  /// One of the 32 numbers.
  @inlinable @inline(__always)
  public subscript(index: Int) -> Float { index < 16 ? low[index] : high[index - 16] }

  /// A signature of zeros: that of a picture of one level.
  public static let zero = PictureSignature(low: .zero, high: .zero)

  /// The smaller of each two numbers.
  @inlinable
  public func minimum(_ other: PictureSignature) -> PictureSignature {
    PictureSignature(
      low: low.replacing(with: other.low, where: other.low .< low),
      high: high.replacing(with: other.high, where: other.high .< high))
  }

  /// The larger of each two numbers.
  @inlinable
  public func maximum(_ other: PictureSignature) -> PictureSignature {
    PictureSignature(
      low: low.replacing(with: other.low, where: other.low .> low),
      high: high.replacing(with: other.high, where: other.high .> high))
  }

  /// Adds another signature's numbers or their squares.
  @inlinable
  public mutating func add(_ other: PictureSignature, squared: Bool) {
    low += squared ? other.low * other.low : other.low
    high += squared ? other.high * other.high : other.high
  }

  /// How many numbers a signature has.
  public static let count = 32
}

/// The cosines that pictures of one size are projected on.
public struct SignatureBasis: Sendable {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// For each column the horizontal cosines of frequency 0 to 7.
  private let horizontal: [SIMD8<Float>]
  /// For each row the vertical cosines of frequency 0 to 7.
  private let vertical: [SIMD8<Float>]

  /// Prepares for pictures of a size.
  public init(height: Int, width: Int) {
    precondition(height > 0 && width > 0, "An image has at least one row and one column")
    self.height = height
    self.width = width
    horizontal = Self.cosines(width)
    vertical = Self.cosines(height)
  }

  /// The signature of a picture of that size; all zeros for a picture of one level.
  public func signature(of image: Image) -> PictureSignature {
    precondition(image.height == height && image.width == width, "A basis serves pictures of one size")
    let gray = image.convertedToGray().pixels
    var columns = (0..<8).map { _ in SIMD8<Float>.zero }
    var sum = 0
    var squares = 0
    gray.withUnsafeBufferPointer { gray in
      for y in 0..<height {
        var row = SIMD8<Float>.zero
        for x in 0..<width {
          let value = Int(gray[y &* width &+ x])
          sum &+= value
          squares &+= value &* value
          row += horizontal[x] * Float(value)
        }
        for v in 0..<8 { columns[v] += row * vertical[y][v] }
      }
    }
    let area = height * width
    // The norm of what is left when the mean is taken away; the cosines above frequency 0 do not see the mean.
    let norm = (Double(area * squares - sum * sum) / Double(area)).squareRoot()
    let scale: Float = norm > 0 ? Float(1 / norm) : 0
    var low = SIMD16<Float>.zero
    var high = SIMD16<Float>.zero
    for (index, place) in Self.places.enumerated() {
      let value = columns[place.v][place.u] * scale
      if index < 16 { low[index] = value } else { high[index - 16] = value }
    }
    return PictureSignature(low: low, high: high)
  }

  /// Orthonormal cosines of frequency 0 to 7; frequencies that a short side does not have are zero.
  private static func cosines(_ length: Int) -> [SIMD8<Float>] {
    (0..<length).map { position in
      var values = SIMD8<Float>.zero
      for frequency in 0..<min(8, length) {
        let norm = ((frequency == 0 ? 1.0 : 2.0) / Double(length)).squareRoot()
        values[frequency] = Float(
          norm * cos(.pi * Double(frequency) * Double(2 * position + 1) / Double(2 * length)))
      }
      return values
    }
  }

  /// Vertical and horizontal frequency of each number, lowest first.
  private static let places: [(v: Int, u: Int)] = {
    let all = (1..<64).map { (v: $0 / 8, u: $0 % 8) }
    return Array(all.sorted { ($0.v * $0.v + $0.u * $0.u, $0.v) < ($1.v * $1.v + $1.u * $1.u, $1.v) }.prefix(32))
  }()

  fileprivate static let mirrorLow = signs(0)
  fileprivate static let mirrorHigh = signs(16)

  private static func signs(_ first: Int) -> SIMD16<Float> {
    var signs = SIMD16<Float>(repeating: 1)
    for index in 0..<16 where places[first + index].u % 2 == 1 { signs[index] = -1 }
    return signs
  }
}
