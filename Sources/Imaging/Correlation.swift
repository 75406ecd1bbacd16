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
    // Whole numbers to the end: a picture of one level has a variance of exactly zero.
    let area = first.count
    let firstVariance = area * sums.firstSquares - sums.first * sums.first
    let secondVariance = area * sums.secondSquares - sums.second * sums.second
    guard firstVariance > 0, secondVariance > 0 else { return first == second ? 1 : 0 }
    let covariance = area * sums.products - sums.first * sums.second
    let result = Double(covariance) / (Double(firstVariance).squareRoot() * Double(secondVariance).squareRoot())
    return max(-1, min(1, result))
  }
}
