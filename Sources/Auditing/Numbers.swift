#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// 1 / (1 + e^-x).
func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }

/// 1 / (1 + e^-x).
func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// e to the power of x.
func exponential(_ x: Double) -> Double { exp(x) }

/// The natural logarithm, of numbers that may be zero.
func safeLog(_ x: Double) -> Double { log(max(x, 1e-12)) }

/// The natural logarithms of numbers that are not negative, to within a few units in the last place; 0, and what is smaller than a
/// normal number, counts as something near 2^-1023.
///
/// x = 2^e m with m between sqrt(1/2) and sqrt(2), and ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 ...) with s = (m - 1) / (m + 1),
/// whose terms from the eleventh on are below 1e-16 of it.
@inline(__always)
func naturalLogarithm(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self)
  // The exponents, still 1023 too high; subtracting the bits of sqrt(1/2) rounds them so that m lies around 1.
  let one: UInt64 = 0x3FF0_0000_0000_0000
  let biased = (bits &+ (one &- 0.5.squareRoot().bitPattern)) &>> 52
  let mantissa = unsafeBitCast(bits &- ((biased &- 1023) &<< 52), to: SIMD8<Double>.self)
  // Whole numbers below 2^52 are the last bits of 2^52 and themselves.
  let exponent = unsafeBitCast(biased | 0x4330_0000_0000_0000, to: SIMD8<Double>.self) - (0x1p52 + 1023)
  let s = (mantissa - 1) / (mantissa + 1)
  // Summed in pairs, and pairs of pairs: one sum after the other would wait for each.
  let square = s * s
  let fourth = square * square
  let eighth = fourth * fourth
  func pair(_ first: Double, _ second: Double) -> SIMD8<Double> { square * (1 / second) + 1 / first }
  let low = pair(1, 3) + pair(5, 7) * fourth
  let high = pair(9, 11) + pair(13, 15) * fourth
  let series = low + (high + pair(17, 19) * eighth) * eighth
  return exponent * 0x1.62e42fefa39efp-1 + 2 * s * series
}

/// Writes e^z / sum e^z of `count` logits to `result`.
func softmax(_ logits: UnsafePointer<Float>, _ count: Int, into result: UnsafeMutablePointer<Double>) {
  var largest = logits[0]
  for k in 1..<max(1, count) { largest = max(largest, logits[k]) }
  var sum = 0.0
  for k in 0..<count {
    result[k] = exp(Double(logits[k] - largest))
    sum += result[k]
  }
  for k in 0..<count { result[k] /= sum }
}
