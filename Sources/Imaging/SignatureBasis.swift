#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The cosines that pictures of one size are projected on, and how they change as a picture moves.
public struct SignatureBasis: Sendable {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  private let horizontal: FadedCosines
  private let vertical: FadedCosines

  /// Prepares for pictures of a size.
  public init(height: Int, width: Int) {
    precondition(height > 0 && width > 0, "An image has at least one row and one column")
    self.height = height
    self.width = width
    horizontal = FadedCosines(length: width)
    vertical = FadedCosines(length: height)
  }

  /// The signature of a picture of that size; all zeros for a picture of one level.
  public func signature(of image: Image) -> MovableSignature {
    precondition(image.height == height && image.width == width, "A basis serves pictures of one size")
    let gray = image.convertedToGray().pixels
    // By vertical frequency: cosines both ways, the slopes of the horizontal ones, those of the vertical ones.
    var still = [SIMD8<Float>](repeating: .zero, count: 8)
    var right = still
    var down = still
    var sum = 0
    var squares = 0
    gray.withUnsafeBufferPointer { gray in
      for y in 0..<height {
        var row = SIMD8<Float>.zero
        var slopes = SIMD8<Float>.zero
        for x in 0..<width {
          let value = Int(gray[y &* width &+ x])
          sum &+= value
          squares &+= value &* value
          row += horizontal.values[x] * Float(value)
          slopes += horizontal.slopes[x] * Float(value)
        }
        for v in 0..<8 {
          still[v] += row * vertical.values[y][v]
          right[v] += slopes * vertical.values[y][v]
          down[v] += row * vertical.slopes[y][v]
        }
      }
    }
    let area = height * width
    // The norm of what is left when the mean is taken away.
    let norm = (scaledCovariance(area, squares, sum, sum) / Double(area)).squareRoot()
    let scale: Float = norm > 0 ? Float(1 / norm) : 0
    let mean = Float(sum) / Float(area)
    func lowest(_ rows: [SIMD8<Float>], _ across: SIMD8<Float>, _ along: SIMD8<Float>) -> PictureSignature {
      var signature = PictureSignature.zero
      for (index, place) in Self.places.enumerated() {
        let value = (rows[place.v][place.u] - mean * across[place.u] * along[place.v]) * scale
        if index < 16 { signature.low[index] = value } else { signature.high[index - 16] = value }
      }
      return signature
    }
    return MovableSignature(
      still: lowest(still, horizontal.sum, vertical.sum), right: lowest(right, horizontal.slope, vertical.sum),
      down: lowest(down, horizontal.sum, vertical.slope))
  }

  /// Vertical and horizontal frequency of each number, lowest first.
  private static let places: [(v: Int, u: Int)] = {
    let all = (0..<64).map { (v: $0 / 8, u: $0 % 8) }
    return Array(all.sorted { ($0.v * $0.v + $0.u * $0.u, $0.v) < ($1.v * $1.v + $1.u * $1.u, $1.v) }.prefix(32))
  }()

  static let mirrorLow = signs(0)
  static let mirrorHigh = signs(16)

  private static func signs(_ first: Int) -> SIMD16<Float> {
    var signs = SIMD16<Float>(repeating: 1)
    for index in 0..<16 where places[first + index].u % 2 == 1 { signs[index] = -1 }
    return signs
  }
}

/// Orthonormal cosines of frequency 0 to 7 along a side, faded out at both ends.
///
/// Faded, because what leaves a picture at one side and enters at the other when it moves must not count.
private struct FadedCosines {
  /// For each position the cosines; frequencies that a short side does not have are zero.
  var values: [SIMD8<Float>] = []
  /// For each position how the cosines rise there: by so much a number grows when the picture moves by one pixel.
  var slopes: [SIMD8<Float>] = []
  /// All `values` together.
  var sum = SIMD8<Float>.zero
  /// All `slopes` together.
  var slope = SIMD8<Float>.zero

  /// The share of the side that is faded at each end.
  private static let fadedShare = 1.0 / 16

  init(length: Int) {
    let margin = Double(length) * Self.fadedShare
    for position in 0..<length {
      let place = Double(position) + 0.5
      let inside = min(place, Double(length) - place) / margin
      let fade = inside < 1 ? sin(.pi / 2 * inside) : 1
      let fadeSlope = inside < 1 ? .pi / 2 / margin * cos(.pi / 2 * inside) * (2 * place < Double(length) ? 1 : -1) : 0
      var value = SIMD8<Float>.zero
      var slope = SIMD8<Float>.zero
      for frequency in 0..<min(8, length) {
        let norm = ((frequency == 0 ? 1.0 : 2.0) / Double(length)).squareRoot()
        let step = .pi * Double(frequency) / Double(length)
        let wave = norm * cos(step * place)
        value[frequency] = Float(fade * wave)
        slope[frequency] = Float(fadeSlope * wave - fade * norm * step * sin(step * place))
      }
      values.append(value)
      slopes.append(slope)
      sum += value
      self.slope += slope
    }
  }
}
