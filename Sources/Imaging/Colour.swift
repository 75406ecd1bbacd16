extension Image {
  /// The picture with 1 channel: the luma of ITU-R BT.601.
  ///
  /// `(19595 R + 38470 G + 7471 B + 32768) >> 16`, that is 0.299, 0.587 and 0.114 rounded to the nearest level:
  /// what Pillow's `convert("L")` gives. A gray picture is returned as it is.
  public func convertedToGray() -> Image {
    guard channels == 3 else { return self }
    let area = height * width
    let gray = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: area) { target, count in
        for pixel in 0..<area {
          let red = UInt32(source[3 * pixel])
          let green = UInt32(source[3 * pixel + 1])
          let blue = UInt32(source[3 * pixel + 2])
          target[pixel] = UInt8(truncatingIfNeeded: (19_595 &* red &+ 38_470 &* green &+ 7_471 &* blue &+ 32_768) >> 16)
        }
        count = area
      }
    }
    return Image(height: height, width: width, channels: 1, pixels: gray)
  }

  /// The picture with 3 channels; those of a gray picture are equal.
  public func convertedToRGB() -> Image {
    guard channels == 1 else { return self }
    let colour = [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { target, count in
      for (index, value) in pixels.enumerated() {
        target[3 * index] = value
        target[3 * index + 1] = value
        target[3 * index + 2] = value
      }
      count = pixels.count * 3
    }
    return Image(height: height, width: width, channels: 3, pixels: colour)
  }
}
