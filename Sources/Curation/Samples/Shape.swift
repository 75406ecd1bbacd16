#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An area of the picture, described by the distance to its edge: negative inside, positive outside.
///
/// Distances are exact for circles and strokes, and good enough near the edges of the others.
struct Shape {
  /// A box that holds the whole area: nothing is painted outside of it.
  var low: SIMD2<Float>
  var high: SIMD2<Float>
  var distance: (SIMD2<Float>) -> Float

  /// The area where `distance` is negative, wherever that is.
  static func anywhere(_ distance: @escaping (SIMD2<Float>) -> Float) -> Shape {
    Shape(low: [-10, -10], high: [10, 10], distance: distance)
  }

  /// What lies in both this shape and `other`.
  func intersection(_ other: Shape) -> Shape {
    Shape(low: pointwiseMax(low, other.low), high: pointwiseMin(high, other.high)) {
      max(distance($0), other.distance($0))
    }
  }

  static func ellipse(at centre: SIMD2<Float>, radii: SIMD2<Float>) -> Shape {
    let smaller = min(radii.x, radii.y)
    return Shape(low: centre - radii, high: centre + radii) { p in
      let q = (p - centre) / radii
      return ((q * q).sum().squareRoot() - 1) * smaller
    }
  }

  /// A stroke of a given half thickness along the parabola through three points; its ends are thinner by `taper`.
  static func stroke(
    from a: SIMD2<Float>, over b: SIMD2<Float>, to c: SIMD2<Float>, thickness: Float, taper: Float = 0
  ) -> Shape {
    // Six chords of the quadratic curve are within a fraction of a pixel of it at this size.
    let control = 2 * b - (a + c) / 2
    let points = (0...6).map { step -> SIMD2<Float> in
      let t = Float(step) / 6
      return (1 - t) * (1 - t) * a + 2 * t * (1 - t) * control + t * t * c
    }
    let low = points.dropFirst().reduce(points[0], pointwiseMin) - thickness
    let high = points.dropFirst().reduce(points[0], pointwiseMax) + thickness
    return Shape(low: low, high: high) { p in
      var nearest = Float.infinity
      for step in 0..<6 {
        let direction = points[step + 1] - points[step]
        let fromStart = p - points[step]
        let along = min(1, max(0, (fromStart * direction).sum() / max((direction * direction).sum(), 1e-9)))
        let away = fromStart - along * direction
        let fromMiddle = abs((Float(step) + 0.5) / 3 - 1)
        nearest = min(nearest, (away * away).sum().squareRoot() - thickness * (1 - taper * fromMiddle))
      }
      return nearest
    }
  }

  /// The area between two curves that meet at both ends: an eye, an open mouth.
  ///
  /// With t running from -1 to 1 over the width:
  /// - Parameters:
  ///   - centre: the middle.
  ///   - halfWidth: the distance of the ends from the middle.
  ///   - bend: how far the ends stand above the middle.
  ///   - above: how far the upper curve stands above the middle line at t = 0.
  ///   - below: how far the lower curve hangs below it.
  ///   - squareness: 1 for parabolas; more makes the ends blunter.
  static func lens(
    at centre: SIMD2<Float>, halfWidth: Float, bend: Float = 0, above: Float, below: Float, squareness: Float = 1
  ) -> Shape {
    let reach = SIMD2(halfWidth, abs(bend) + abs(above) + abs(below))
    return Shape(low: centre - reach, high: centre + reach) { p in
      let t = (p.x - centre.x) / halfWidth
      let profile = max(0, 1 - t * t)
      let height = squareness == 1 ? profile : pow(profile, 1 / squareness)
      let middle = centre.y - bend * t * t
      let vertical = max(middle - above * height - p.y, p.y - middle - below * height)
      return max(vertical, (abs(t) - 1) * halfWidth)
    }
  }
}
