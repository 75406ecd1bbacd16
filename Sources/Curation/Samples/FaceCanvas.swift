import Imaging

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A picture in the making: gray values at twice the final resolution, each with its place on the head.
///
/// Lengths are in units of half the height of the head. An edge is one fine pixel wide, so that the reduction to the
/// final size leaves no steps.
struct FaceCanvas {
  /// The side of the finished picture, in pixels.
  static let side = 48
  /// Fine pixels per pixel, along each axis.
  static let oversampling = 2
  static let fineSide = side * oversampling

  /// The gray values, 0 to 1, rows from top to bottom.
  var values: [Float]
  /// Where each fine pixel lies, seen from the camera: x to the right, y down, the middle of the head at 0.
  let frontal: [SIMD2<Float>]
  /// Where each fine pixel lies on the turned head: features painted here are foreshortened as the head turns.
  let turned: [SIMD2<Float>]
  /// The heights that occur in each fine row of `frontal` and `turned`: rows that a shape does not reach are passed over.
  private let frontalHeights: [ClosedRange<Float>]
  private let turnedHeights: [ClosedRange<Float>]
  /// Which way the head's surface faces at each fine pixel: to the right, downwards, towards the camera.
  let normals: [SIMD3<Float>]
  /// The width of a fine pixel, in units of half the height of the head.
  let pixel: Float

  init(view: FaceView, headWidth: Double) {
    let side = Self.fineSide
    let count = side * side
    let fineScale = Float(view.scale) * Float(Self.oversampling)
    let middle = Float(side - 1) / 2
    let offset = SIMD2<Float>(view.offset * Double(Self.oversampling))
    let (sinRoll, cosRoll) = (Float(sin(view.roll)), Float(cos(view.roll)))
    let turn = HeadTurn(yaw: view.yaw, pitch: view.pitch)
    let width = Float(headWidth)
    var frontal: [SIMD2<Float>] = []
    var turned: [SIMD2<Float>] = []
    var normals: [SIMD3<Float>] = []
    frontal.reserveCapacity(count)
    turned.reserveCapacity(count)
    normals.reserveCapacity(count)
    for row in 0..<side {
      for column in 0..<side {
        let p = (SIMD2(Float(column) - middle, Float(row) - middle) - offset) / fineScale
        let place = SIMD2(p.x * cosRoll + p.y * sinRoll, p.y * cosRoll - p.x * sinRoll)
        let x = place.x / width
        let y = place.y
        let depth = HeadTurn.depth(x: x, y: y)
        frontal.append(place)
        normals.append([x, y, depth])
        let before = turn.before(x: x, y: y, depth: depth)
        turned.append([before.x * width, before.y])
      }
    }
    self.frontal = frontal
    self.turned = turned
    frontalHeights = Self.heights(of: frontal)
    turnedHeights = Self.heights(of: turned)
    self.normals = normals
    pixel = 1 / fineScale
    values = [Float](repeating: 0, count: count)
  }

  /// Paints `value` inside `shape`, with `opacity`.
  ///
  /// `softness` widens the edge: 0 gives a sharp line.
  mutating func fill(
    _ shape: Shape, with value: Float, opacity: Float = 1, softness: Float = 0, onHead: Bool = true
  ) {
    blend(shape, softness: softness, onHead: onHead) { old, coverage in old + (value - old) * coverage * opacity }
  }

  /// Multiplies the gray values inside `shape`: shadows and folds.
  mutating func darken(_ shape: Shape, by amount: Float, softness: Float) {
    guard amount != 0 else { return }
    blend(shape, softness: softness, onHead: true) { old, coverage in old * (1 - amount * coverage) }
  }

  private mutating func blend(
    _ shape: Shape, softness: Float, onHead: Bool, _ body: (_ old: Float, _ coverage: Float) -> Float
  ) {
    let edge = pixel + softness
    let low = shape.low - edge
    let high = shape.high + edge
    let places = onHead ? turned : frontal
    let heights = onHead ? turnedHeights : frontalHeights
    for row in 0..<Self.fineSide where heights[row].upperBound > low.y && heights[row].lowerBound < high.y {
      for index in row * Self.fineSide..<(row + 1) * Self.fineSide {
        let p = places[index]
        guard p.x > low.x, p.x < high.x, p.y > low.y, p.y < high.y else { continue }
        let coverage = min(1, max(0, 0.5 - shape.distance(p) / edge))
        if coverage > 0 { values[index] = body(values[index], coverage) }
      }
    }
  }

  private static func heights(of places: [SIMD2<Float>]) -> [ClosedRange<Float>] {
    stride(from: 0, to: places.count, by: fineSide).map { start in
      let row = places[start..<start + fineSide]
      let (low, high) = row.reduce((Float.infinity, -Float.infinity)) { (min($0.0, $1.y), max($0.1, $1.y)) }
      return low...high
    }
  }

  /// Changes every gray value with regard to its place and the direction the head faces there.
  mutating func shade(_ body: (_ value: Float, _ place: SIMD2<Float>, _ normal: SIMD3<Float>) -> Float) {
    for index in values.indices { values[index] = body(values[index], turned[index], normals[index]) }
  }

  /// The picture at its final size: means of the fine pixels, 0 to 1.
  func reduced() -> [Float] {
    let side = Self.side
    let fine = Self.fineSide
    var result = [Float](repeating: 0, count: side * side)
    for row in 0..<side {
      for column in 0..<side {
        let corner = row * 2 * fine + column * 2
        result[row * side + column] =
          (values[corner] + values[corner + 1] + values[corner + fine] + values[corner + fine + 1]) / 4
      }
    }
    return result
  }
}
