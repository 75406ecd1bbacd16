internal import Randomness

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Mixes each row of a batch with another one: x' = s x + (1 - s) x[partner], for pictures and targets alike.
///
/// The share s is drawn once a batch from Beta(alpha, alpha). Source: Zhang et al. 2018, "mixup".
struct MixUp {
  /// s.
  let share: Float
  /// Who is mixed with whom.
  let partners: [Int]

  init(alpha: Float, count: Int, using generator: inout SeededGenerator) {
    // The logarithms: of a small alpha both numbers are nearly always too small to be told from zero.
    let a = Self.logGamma(Double(alpha), using: &generator)
    let b = Self.logGamma(Double(alpha), using: &generator)
    share = Float(1 / (1 + exp(b - a)))
    partners = (0..<count).shuffled(using: &generator)
  }

  /// Writes the mixed rows of `source` into `target`, which is other memory.
  func mix(_ source: UnsafeMutableBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>) {
    let length = target.count / partners.count
    let (own, other) = (share, 1 - share)
    for (row, partner) in partners.enumerated() {
      let (a, b) = (row * length, partner * length)
      for i in 0..<length { target[a + i] = own * source[a + i] + other * source[b + i] }
    }
  }

  /// The mixed rows.
  func mixed(_ values: [Float]) -> [Float] {
    let length = values.count / partners.count
    return values.indices.map { i in
      let partner = partners[i / length] * length + i % length
      return share * values[i] + (1 - share) * values[partner]
    }
  }

  /// The logarithm of a number from the gamma distribution of this shape and scale 1.
  ///
  /// Source: Marsaglia and Tsang 2000; shapes below 1 by way of the next one up, as they propose.
  private static func logGamma(_ shape: Double, using generator: inout SeededGenerator) -> Double {
    if shape < 1 { return logGamma(shape + 1, using: &generator) + log(1 - generator.uniform()) / shape }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = generator.normal()
      let v = pow(1 + c * x, 3)
      guard v > 0 else { continue }
      if log(1 - generator.uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) }
    }
  }
}
