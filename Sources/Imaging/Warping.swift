#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How a warped picture finds the value between pixels.
public enum Interpolation: String, Sendable, Codable, CaseIterable {
  /// The nearest pixel.
  case nearest
  /// The mean of the four pixels around, weighted by distance.
  case bilinear
}

extension Image {
  /// The picture turned about its centre in a frame of the same size.
  ///
  /// Positive degrees turn counter-clockwise, as in Pillow and OpenCV. Multiples of 90 degrees move whole pixels in
  /// pictures that are square, and 0 degrees returns the picture as it is.
  public func rotated(
    degrees: Double, border: BorderPolicy = .reflect, filter: Interpolation = .bilinear
  ) -> Image {
    transformed(degrees: degrees, factor: 1, x: 0, y: 0, border: border, filter: filter)
  }

  /// The picture enlarged (`factor` > 1) or shrunk about its centre in a frame of the same size.
  ///
  /// Nothing is smoothed before shrinking: meant for factors near 1. Use `resized(height:width:filter:)` to change size.
  public func zoomed(
    factor: Double, border: BorderPolicy = .reflect, filter: Interpolation = .bilinear
  ) -> Image {
    transformed(degrees: 0, factor: factor, x: 0, y: 0, border: border, filter: filter)
  }

  /// The picture turned as by `rotated` and enlarged as by `zoomed` about its centre, then moved right by x and down by y pixels.
  ///
  /// All in one resampling, which blurs less than one for each.
  public func transformed(
    degrees: Double, factor: Double, x: Int, y: Int, border: BorderPolicy = .reflect, filter: Interpolation = .bilinear
  ) -> Image {
    precondition(degrees.isFinite, "An angle is a finite number")
    precondition(factor.isFinite && factor > 0, "A zoom factor is above zero")
    let turn = degrees.remainder(dividingBy: 360)
    if turn == 0, factor == 1, x == 0, y == 0 { return self }
    let (cosine, sine): (Double, Double) =
      switch turn {
      case 0: (1, 0)
      case 90: (0, 1)
      case -90: (0, -1)
      case 180, -180: (-1, 0)
      default: (cos(turn * .pi / 180), sin(turn * .pi / 180))
      }
    return warped(
      cosine / factor, -sine / factor, sine / factor, cosine / factor, moved: (Double(x), Double(y)), border: border,
      filter: filter)
  }

  /// The picture slanted about its centre in a frame of the same size.
  ///
  /// What is d rows below the centre moves right by `d tan x`, and what is d columns right of it down by `d tan y`.
  public func sheared(
    x: Double, y: Double, border: BorderPolicy = .reflect, filter: Interpolation = .bilinear
  ) -> Image {
    precondition(abs(x) < 90 && abs(y) < 90, "A slant is less than 90 degrees")
    if x == 0, y == 0 { return self }
    let (across, down) = (tan(x * .pi / 180), tan(y * .pi / 180))
    let determinant = 1 - across * down
    guard abs(determinant) > 1e-6 else { return self }
    return warped(
      1 / determinant, -across / determinant, -down / determinant, 1 / determinant, border: border, filter: filter)
  }

  /// Looks up, for each pixel at offset (x, y) from the moved centre, the source at offset (xx x + xy y, yx x + yy y) from the centre.
  private func warped(
    _ xx: Double, _ xy: Double, _ yx: Double, _ yy: Double, moved: (x: Double, y: Double) = (0, 0),
    border: BorderPolicy, filter: Interpolation
  ) -> Image {
    let size = pixels.count
    let values = pixels.withUnsafeBufferPointer { source in
      let sampler = Sampler(source: source, height: height, width: width, channels: channels, border: border)
      return [UInt8](unsafeUninitializedCapacity: size) { target, count in
        let centreX = Double(width - 1) / 2
        let centreY = Double(height - 1) / 2
        // Whole numbers with 32 bits after the point: a step to the next pixel is one addition, and nothing drifts.
        let (stepX, stepY) = (fixed(xx), fixed(yx))
        for y in 0..<height {
          let (dx, dy) = (-centreX - moved.x, Double(y) - centreY - moved.y)
          var sourceX = fixed(xx * dx + xy * dy + centreX)
          var sourceY = fixed(yx * dx + yy * dy + centreY)
          var at = y * width * channels
          if filter == .bilinear, channels == 1 {
            sampler.bilinearRow(x: sourceX, y: sourceY, stepX: stepX, stepY: stepY, into: target, at: at, count: width)
            continue
          }
          for _ in 0..<width {
            switch filter {
            case .nearest: sampler.nearest(x: sourceX, y: sourceY, into: target, at: at)
            case .bilinear: sampler.bilinear(x: sourceX, y: sourceY, into: target, at: at, channels: channels)
            }
            sourceX &+= stepX
            sourceY &+= stepY
            at &+= channels
          }
        }
        count = size
      }
    }
    return Image(height: height, width: width, channels: channels, pixels: values)
  }
}

extension Image {
  /// Looks up, for each pixel, the value between the four pixels around a place of the source; beyond it, its mirror image.
  func remapped(_ place: (_ column: Int, _ row: Int) -> (x: Double, y: Double)) -> Image {
    let values = pixels.withUnsafeBufferPointer { source in
      let sampler = Sampler(source: source, height: height, width: width, channels: channels, border: .reflect)
      return [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
        for row in 0..<height {
          for column in 0..<width {
            let (x, y) = place(column, row)
            let offset = (row * width + column) * channels
            sampler.bilinear(x: fixed(x), y: fixed(y), into: target, at: offset, channels: channels)
          }
        }
        count = pixels.count
      }
    }
    return Image(height: height, width: width, channels: channels, pixels: values)
  }
}

/// A number with 32 bits after the point; far numbers are drawn near, which any border allows.
@inline(__always)
private func fixed(_ number: Double) -> Int {
  Int((max(-0x1p29, min(0x1p29, number)) * 0x1p32).rounded())
}

/// Reads a picture between and beyond its pixels, at places with 32 bits after the point.
private struct Sampler {
  let source: UnsafeBufferPointer<UInt8>
  let height: Int
  let width: Int
  let channels: Int
  let border: BorderPolicy

  /// Writes the value of the pixel nearest to (x, y).
  @inline(__always)
  func nearest(x: Int, y: Int, into target: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
    let column = (x &+ 1 << 31) >> 32
    let row = (y &+ 1 << 31) >> 32
    for channel in 0..<channels { target[offset + channel] = UInt8(truncatingIfNeeded: value(row, column, channel)) }
  }

  /// Writes the value at (x, y), interpolated between the four pixels around it and rounded.
  @inline(__always)
  func bilinear(
    x: Int, y: Int, into target: UnsafeMutableBufferPointer<UInt8>, at offset: Int, channels: Int
  ) {
    let column = x >> 32
    let row = y >> 32
    // 11 bits of each share: their products with a level fit in 32 bits, and are off by less than a tenth of a level.
    let right = (x >> 21) & 0x7FF
    let lower = (y >> 21) & 0x7FF
    let isInside = column >= 0 && row >= 0 && column < width &- 1 && row < height &- 1
    for channel in 0..<channels {
      let upperLeft: Int
      let upperRight: Int
      let lowerLeft: Int
      let lowerRight: Int
      if isInside {
        let index = (row &* width &+ column) &* channels &+ channel
        let below = index &+ width &* channels
        upperLeft = Int(source[index])
        upperRight = Int(source[index &+ channels])
        lowerLeft = Int(source[below])
        lowerRight = Int(source[below &+ channels])
      } else {
        upperLeft = value(row, column, channel)
        upperRight = value(row, column + 1, channel)
        lowerLeft = value(row + 1, column, channel)
        lowerRight = value(row + 1, column + 1, channel)
      }
      let upper = upperLeft &* (2048 &- right) &+ upperRight &* right
      let under = lowerLeft &* (2048 &- right) &+ lowerRight &* right
      let sum = upper &* (2048 &- lower) &+ under &* lower
      target[offset &+ channel] = UInt8(truncatingIfNeeded: (sum &+ 1 << 21) >> 22)
    }
  }

  /// Writes `count` values of a gray picture as `bilinear` does; most of a row needs no look beyond the border.
  @inline(__always)
  func bilinearRow(
    x: Int, y: Int, stepX: Int, stepY: Int, into target: UnsafeMutableBufferPointer<UInt8>, at offset: Int, count: Int
  ) {
    func isInside(_ index: Int) -> Bool {
      let column = (x &+ index &* stepX) >> 32
      let row = (y &+ index &* stepY) >> 32
      return column >= 0 && row >= 0 && column < width &- 1 && row < height &- 1
    }
    // The places of a row lie on a line, so those inside follow each other.
    var begin = 0
    while begin < count, !isInside(begin) { begin &+= 1 }
    var end = count
    while end > begin, !isInside(end &- 1) { end &-= 1 }
    for index in 0..<begin {
      bilinear(
        x: x &+ index &* stepX, y: y &+ index &* stepY, into: target, at: offset &+ index, channels: 1)
    }
    if begin < end, let base = source.baseAddress {
      var (sourceX, sourceY) = (x &+ begin &* stepX, y &+ begin &* stepY)
      for index in begin..<end {
        let upper = base + ((sourceY >> 32) &* width &+ (sourceX >> 32))
        let lower = upper + width
        let right = UInt32(truncatingIfNeeded: sourceX >> 21) & 0x7FF
        let down = UInt32(truncatingIfNeeded: sourceY >> 21) & 0x7FF
        let above = UInt32(upper[0]) &* (2048 &- right) &+ UInt32(upper[1]) &* right
        let below = UInt32(lower[0]) &* (2048 &- right) &+ UInt32(lower[1]) &* right
        let sum = above &* (2048 &- down) &+ below &* down
        target[offset &+ index] = UInt8(truncatingIfNeeded: (sum &+ 1 << 21) >> 22)
        sourceX &+= stepX
        sourceY &+= stepY
      }
    }
    for index in end..<count {
      bilinear(
        x: x &+ index &* stepX, y: y &+ index &* stepY, into: target, at: offset &+ index, channels: 1)
    }
  }

  /// The value at a pixel that may lie beyond the border.
  @inline(never)
  private func value(_ row: Int, _ column: Int, _ channel: Int) -> Int {
    guard let y = border.index(row, count: height), let x = border.index(column, count: width) else {
      if case .constant(let value) = border { return Int(value) }
      return 0
    }
    return Int(source[(y * width + x) * channels + channel])
  }
}
