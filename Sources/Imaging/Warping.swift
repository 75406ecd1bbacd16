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
    precondition(degrees.isFinite, "An angle is a finite number")
    let turn = degrees.remainder(dividingBy: 360)
    if turn == 0 { return self }
    let (cosine, sine): (Double, Double) =
      switch turn {
      case 90: (0, 1)
      case -90: (0, -1)
      case 180, -180: (-1, 0)
      default: (cos(turn * .pi / 180), sin(turn * .pi / 180))
      }
    return warped(cosine, -sine, sine, cosine, border: border, filter: filter)
  }

  /// The picture enlarged (`factor` > 1) or shrunk about its centre in a frame of the same size.
  ///
  /// Nothing is smoothed before shrinking: meant for factors near 1. Use `resized(height:width:filter:)` to change size.
  public func zoomed(
    factor: Double, border: BorderPolicy = .reflect, filter: Interpolation = .bilinear
  ) -> Image {
    precondition(factor.isFinite && factor > 0, "A zoom factor is above zero")
    if factor == 1 { return self }
    return warped(1 / factor, 0, 0, 1 / factor, border: border, filter: filter)
  }

  /// Looks up, for each pixel at offset (x, y) from the centre, the source at offset (xx x + xy y, yx x + yy y).
  private func warped(
    _ xx: Double, _ xy: Double, _ yx: Double, _ yy: Double, border: BorderPolicy, filter: Interpolation
  ) -> Image {
    let size = pixels.count
    let values = pixels.withUnsafeBufferPointer { source in
      let sampler = Sampler(
        source: source, height: height, width: width, channels: channels, border: border)
      return [UInt8](unsafeUninitializedCapacity: size) { target, count in
        let centreX = Double(width - 1) / 2
        let centreY = Double(height - 1) / 2
        for y in 0..<height {
          let dy = Double(y) - centreY
          for x in 0..<width {
            let dx = Double(x) - centreX
            let sourceX = xx * dx + xy * dy + centreX
            let sourceY = yx * dx + yy * dy + centreY
            let at = (y * width + x) * channels
            switch filter {
            case .nearest: sampler.nearest(x: sourceX, y: sourceY, into: target, at: at)
            case .bilinear: sampler.bilinear(x: sourceX, y: sourceY, into: target, at: at)
            }
          }
        }
        count = size
      }
    }
    return Image(height: height, width: width, channels: channels, pixels: values)
  }
}

/// Reads a picture between and beyond its pixels.
private struct Sampler {
  let source: UnsafeBufferPointer<UInt8>
  let height: Int
  let width: Int
  let channels: Int
  let border: BorderPolicy

  /// Writes the value of the pixel nearest to (x, y).
  @inline(__always)
  func nearest(x: Double, y: Double, into target: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
    let column = whole(x + 0.5)
    let row = whole(y + 0.5)
    for channel in 0..<channels { target[offset + channel] = UInt8(value(row, column, channel)) }
  }

  /// Writes the value at (x, y), interpolated between the four pixels around it and rounded.
  @inline(__always)
  func bilinear(x: Double, y: Double, into target: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
    let column = whole(x)
    let row = whole(y)
    let rightShare = Float(x - Double(column))
    let lowerShare = Float(y - Double(row))
    let isInside = column >= 0 && row >= 0 && column + 1 < width && row + 1 < height
    for channel in 0..<channels {
      let upperLeft: Float
      let upperRight: Float
      let lowerLeft: Float
      let lowerRight: Float
      if isInside {
        let index = (row * width + column) * channels + channel
        upperLeft = Float(source[index])
        upperRight = Float(source[index + channels])
        lowerLeft = Float(source[index + width * channels])
        lowerRight = Float(source[index + width * channels + channels])
      } else {
        upperLeft = value(row, column, channel)
        upperRight = value(row, column + 1, channel)
        lowerLeft = value(row + 1, column, channel)
        lowerRight = value(row + 1, column + 1, channel)
      }
      let upper = upperLeft + (upperRight - upperLeft) * rightShare
      let lower = lowerLeft + (lowerRight - lowerLeft) * rightShare
      target[offset + channel] = UInt8(upper + (lower - upper) * lowerShare + 0.5)
    }
  }

  /// The largest whole number that is not above `position`; far positions are drawn near, which any border allows.
  @inline(__always)
  private func whole(_ position: Double) -> Int {
    // Conversion cuts towards zero: a positive number is cut downwards, at the cost of the lowest of 52 bits.
    Int(max(-0x1p30, min(0x1p30, position)) + 0x1p31) - 0x8000_0000
  }

  /// The value at a pixel that may lie beyond the border.
  @inline(__always)
  private func value(_ row: Int, _ column: Int, _ channel: Int) -> Float {
    guard let y = border.index(row, count: height), let x = border.index(column, count: width) else {
      if case .constant(let value) = border { return Float(value) }
      return 0
    }
    return Float(source[(y * width + x) * channels + channel])
  }
}
