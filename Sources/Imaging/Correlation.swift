extension Image {
  /// The normalised cross-correlation with a picture of the same size: 1 equal but for brightness and contrast, -1 negative.
  ///
  /// The Pearson correlation of the luma values. Where one picture has a single level the coefficient is not defined;
  /// the result is then 1 if both pictures have the same pixels, and 0 if not.
  public func correlation(with other: Image) -> Double {
    precondition(height == other.height && width == other.width, "Pictures that are correlated have the same size")
    let first = convertedToGray().pixels
    let second = other.convertedToGray().pixels
    var sums = (first: 0, second: 0, firstSquares: 0, secondSquares: 0, products: 0)
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        for index in 0..<first.count {
          let a = Int(first[index])
          let b = Int(second[index])
          sums.first &+= a
          sums.second &+= b
          sums.firstSquares &+= a &* a
          sums.secondSquares &+= b &* b
          sums.products &+= a &* b
        }
      }
    }
    let area = first.count
    let firstVariance = scaledCovariance(area, sums.firstSquares, sums.first, sums.first)
    let secondVariance = scaledCovariance(area, sums.secondSquares, sums.second, sums.second)
    guard firstVariance > 0, secondVariance > 0 else { return first == second ? 1 : 0 }
    let covariance = scaledCovariance(area, sums.products, sums.first, sums.second)
    return max(-1, min(1, covariance / (firstVariance.squareRoot() * secondVariance.squareRoot())))
  }
}

/// The covariance of two lists of `count` levels times the square of `count`, from their sums.
///
/// In whole numbers to the end: that of a picture of one level is exactly zero. 64 bits hold it for up to 8 million pixels.
func scaledCovariance(_ count: Int, _ products: Int, _ first: Int, _ second: Int) -> Double {
  guard count > 1 << 23 else { return Double(count * products - first * second) }
  return Double(Int128(count) * Int128(products) - Int128(first) * Int128(second))
}
