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

/// ln (p / (1 - p)), of probabilities held this far from 0 and 1.
func logit(_ p: Double, within bound: Double) -> Double {
  let bounded = max(bound, min(1 - bound, p))
  return safeLog(bounded / (1 - bounded))
}

/// The natural logarithm, of numbers that may be zero.
func safeLog(_ x: Double) -> Double { log(max(x, 1e-12)) }

/// e^z / sum e^z.
func softmax(_ logits: [Double]) -> [Double] {
  let largest = logits.max() ?? 0
  let powers = logits.map { exp($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
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
