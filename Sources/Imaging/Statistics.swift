#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How often each level occurs in a picture, and the statistics that follow from it.
///
/// Every statistic is exact: it is computed from 256 counts, not from a sample.
public struct Histogram: Sendable, Hashable {
  /// Pixels at each of the 256 levels.
  public let counts: [Int]
  /// Pixels in all; at least one.
  public let total: Int

  /// Counts the levels of a picture; of a colour picture those of its luma (`convertedToGray()`).
  public init(of image: Image) {
    // Four tables, because neighbours are often equal and a count that was just written is slow to read again.
    var tables = [UInt32](repeating: 0, count: 4 * 256)
    for (index, value) in image.convertedToGray().pixels.enumerated() { tables[index & 3 << 8 | Int(value)] &+= 1 }
    counts = (0..<256).map { level in (0..<4).reduce(0) { $0 + Int(tables[$1 << 8 | level]) } }
    total = image.height * image.width
  }

  /// The mean level.
  public var mean: Double {
    var sum = 0
    for (level, count) in counts.enumerated() { sum += level * count }
    return Double(sum) / Double(total)
  }

  /// The standard deviation of the levels (of the population: divided by the number of pixels).
  public var standardDeviation: Double {
    let mean = mean
    var sum = 0.0
    for (level, count) in counts.enumerated() { sum += (Double(level) - mean) * (Double(level) - mean) * Double(count) }
    return (sum / Double(total)).squareRoot()
  }

  /// The darkest and the brightest level that occur.
  public var range: ClosedRange<UInt8> {
    let lowest = counts.firstIndex { $0 > 0 } ?? 0
    let highest = counts.lastIndex { $0 > 0 } ?? 0
    return UInt8(lowest)...UInt8(highest)
  }

  /// The Shannon entropy of the levels in bits, from 0 (one level only) to 8 (all equally often).
  public var entropy: Double {
    var bits = 0.0
    for count in counts where count > 0 {
      let share = Double(count) / Double(total)
      bits -= share * log2(share)
    }
    return bits
  }

  /// The level below which `percent` of the pixels lie, interpolated linearly between ranks as NumPy does.
  ///
  /// - Parameter percent: 0 (the darkest level) to 100 (the brightest).
  public func percentile(_ percent: Double) -> Double {
    precondition((0...100).contains(percent), "A percentile runs from 0 to 100")
    let rank = percent / 100 * Double(total - 1)
    let lower = level(atRank: Int(rank))
    let upper = level(atRank: Int(rank.rounded(.up)))
    return lower + (upper - lower) * (rank - rank.rounded(.down))
  }

  /// The share of pixels, 0 to 1, at `level`s.
  public func share(of levels: ClosedRange<UInt8>) -> Double {
    Double(levels.reduce(0) { $0 + counts[Int($1)] }) / Double(total)
  }

  /// The level of the pixel that comes `rank`-th when all are sorted, counted from 0.
  private func level(atRank rank: Int) -> Double {
    var seen = 0
    for (level, count) in counts.enumerated() {
      seen += count
      if seen > rank { return Double(level) }
    }
    return 255
  }
}

extension Image {
  /// How often each level occurs.
  public var histogram: Histogram { Histogram(of: self) }

  /// The variance of the picture's Laplacian: the sharper, the larger; 0 for a picture of one level.
  ///
  /// The kernel is `0 1 0 / 1 -4 1 / 0 1 0` over the luma, with the border reflected (OpenCV's `Laplacian` and its
  /// default border). Source: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy" (2000).
  public var laplacianVariance: Double {
    let gray = convertedToGray().pixels
    let above = (0..<height).map { BorderPolicy.reflect.index($0 - 1, count: height) ?? 0 }
    let below = (0..<height).map { BorderPolicy.reflect.index($0 + 1, count: height) ?? 0 }
    let left = (0..<width).map { BorderPolicy.reflect.index($0 - 1, count: width) ?? 0 }
    let right = (0..<width).map { BorderPolicy.reflect.index($0 + 1, count: width) ?? 0 }
    var sum = 0
    var squares = 0
    gray.withUnsafeBufferPointer { gray in
      for y in 0..<height {
        let row = y * width
        for x in 0..<width {
          let around =
            Int(gray[above[y] * width + x]) + Int(gray[below[y] * width + x])
            + Int(gray[row + left[x]]) + Int(gray[row + right[x]])
          let value = around - 4 * Int(gray[row + x])
          sum += value
          squares += value * value
        }
      }
    }
    let area = Double(height * width)
    let mean = Double(sum) / area
    return max(0, Double(squares) / area - mean * mean)
  }
}
