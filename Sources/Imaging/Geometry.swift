// Rearrangements that move whole pixels: nothing is interpolated. Rotation and zoom are in Warping.swift.

extension Image {
  /// The mirror image: left and right change places.
  public func flipped() -> Image {
    rearranged(height: height, width: width) { y, x in (y, width - 1 - x) }
  }

  /// The picture with its rows in reverse order.
  public func flippedVertically() -> Image {
    rearranged(height: height, width: width) { y, x in (height - 1 - y, x) }
  }

  /// The picture with rows and columns exchanged.
  public func transposed() -> Image {
    rearranged(height: width, width: height) { y, x in (x, y) }
  }

  /// The part of `height` x `width` pixels whose first pixel is in row `top` and column `left`.
  public func cropped(top: Int, left: Int, height: Int, width: Int) -> Image {
    precondition(height > 0 && width > 0, "A crop has at least one row and one column")
    precondition(
      top >= 0 && left >= 0 && top <= self.height - height && left <= self.width - width,
      "A crop lies inside the picture")
    return rearranged(height: height, width: width) { y, x in (top + y, left + x) }
  }

  /// The picture with rows and columns added on its four sides.
  public func padded(top: Int, left: Int, bottom: Int, right: Int, border: BorderPolicy = .reflect) -> Image {
    precondition(top >= 0 && left >= 0 && bottom >= 0 && right >= 0, "Padding adds rows and columns")
    return moved(
      top: top, left: left, height: height + top + bottom, width: width + left + right, border: border)
  }

  /// The picture moved right by `x` and down by `y` pixels in a frame of the same size; negative is left and up.
  public func translated(x: Int, y: Int, border: BorderPolicy = .reflect) -> Image {
    moved(top: y, left: x, height: height, width: width, border: border)
  }

  /// A frame in which the picture's first pixel is in row `top` and column `left`.
  private func moved(top: Int, left: Int, height: Int, width: Int, border: BorderPolicy) -> Image {
    let columns = (0..<width).map { border.index($0 - left, count: self.width) }
    let fill: UInt8 = if case .constant(let value) = border { value } else { 0 }
    var result = Image(height: height, width: width, channels: channels, filledWith: fill)
    for y in 0..<height {
      guard let row = border.index(y - top, count: self.height) else { continue }
      for x in 0..<width {
        guard let column = columns[x] else { continue }
        let source = (row * self.width + column) * channels
        let target = (y * width + x) * channels
        for channel in 0..<channels { result.pixels[target + channel] = pixels[source + channel] }
      }
    }
    return result
  }

  /// A picture whose pixel (y, x) is this one's pixel `origin(y, x)`.
  @inline(__always)
  private func rearranged(height: Int, width: Int, origin: (Int, Int) -> (Int, Int)) -> Image {
    let size = height * width * channels
    let values = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: size) { target, count in
        for y in 0..<height {
          for x in 0..<width {
            let (row, column) = origin(y, x)
            let from = (row * self.width + column) * channels
            let to = (y * width + x) * channels
            target[to] = source[from]
            if channels == 3 {
              target[to + 1] = source[from + 1]
              target[to + 2] = source[from + 2]
            }
          }
        }
        count = size
      }
    }
    return Image(height: height, width: width, channels: channels, pixels: values)
  }
}
