#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension RandomNumberGenerator {
  /// Draws a number from the uniform distribution on 0 ..< 1.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Draws a number from the uniform distribution on `range`.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Draws a number from the standard normal distribution (Box and Muller, 1958).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// Returns true with the given probability.
  public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }
}
