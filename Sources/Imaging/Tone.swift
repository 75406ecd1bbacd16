#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

// Changes of level that look at one pixel at a time: each is a table of 256 levels.

extension Image {
  /// The picture with `delta` levels added to every value.
  public func brightened(by delta: Double) -> Image {
    precondition(delta.isFinite, "A change of brightness is a finite number")
    return mapped { Double($0) + delta }
  }

  /// The picture with the distance of every value from the picture's mean multiplied by `factor`.
  ///
  /// 1 changes nothing, 0 gives one level: the mean over all pixels and channels.
  public func contrasted(by factor: Double) -> Image {
    precondition(factor.isFinite && factor >= 0, "A contrast factor is zero or more")
    let mean = Double(pixels.reduce(0) { $0 + Int($1) }) / Double(pixels.count)
    return mapped { mean + (Double($0) - mean) * factor }
  }

  /// The picture with every value v, as a share of 255, raised to the power of `gamma`; above 1 darkens.
  public func gammaCorrected(by gamma: Double) -> Image {
    precondition(gamma.isFinite && gamma > 0, "A gamma is above zero")
    return mapped { 255 * pow(Double($0) / 255, gamma) }
  }

  /// The picture with its levels spread so that each range of levels holds about equally many pixels.
  ///
  /// Level v becomes `(n(v) - n(min)) / (total - n(min)) * 255`, where n(v) counts the pixels up to v (OpenCV's
  /// `equalizeHist`). Channels are equalised one by one; a channel of one level stays as it is.
  public func equalized() -> Image {
    var result = self
    for channel in 0..<channels {
      var counts = [Int](repeating: 0, count: 256)
      for index in stride(from: channel, to: pixels.count, by: channels) { counts[Int(pixels[index])] += 1 }
      let total = height * width
      guard let lowest = counts.first(where: { $0 > 0 }), lowest < total else { continue }
      var table = [UInt8](repeating: 0, count: 256)
      var seen = 0
      for level in 0..<256 {
        seen += counts[level]
        table[level] = Image.level(Double(max(0, seen - lowest)) * 255 / Double(total - lowest))
      }
      for index in stride(from: channel, to: pixels.count, by: channels) {
        result.pixels[index] = table[Int(pixels[index])]
      }
    }
    return result
  }

  /// Rounds to the nearest level from 0 to 255, halves away from zero.
  static func level(_ value: Double) -> UInt8 { UInt8(max(0, min(255, value)).rounded()) }

  /// The picture with each level replaced by the rounded result of `change`.
  private func mapped(_ change: (UInt8) -> Double) -> Image {
    let table = (0...255).map { Image.level(change(UInt8($0))) }
    return Image(height: height, width: width, channels: channels, pixels: pixels.map { table[Int($0)] })
  }
}
