public import Training

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Two kinds of samples by their loss: a mixture of two normal distributions over the losses of the finished networks.
///
/// The quality is the probability of belonging to the component of small losses. Source: Li et al. 2020 (DivideMix); the
/// losses are scaled to 0 ... 1 as there.
public struct LossMixture: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "loss-mixture"
  /// One line for `fercure list auditors`.
  public static let summary = "whether the label's loss belongs to the small or to the large ones"

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) {}

  /// Ranks by the probability of a small loss; flags below one half.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    guard let dynamics = evidence.dynamics else {
      throw AuditError.missingEvidence(auditor: Self.name, what: "the losses of samples that networks learned from")
    }
    let classes = evidence.classes.count
    let losses = evidence.labels.indices.map { index in
      dynamics.networks[index] > 0
        ? dynamics.loss[index] : -safeLog(evidence.probabilities[index * classes + evidence.labels[index]])
    }
    // Fitted to what networks learned from: the losses of held-out samples are larger, whatever their labels.
    let learned = evidence.labels.indices.filter { dynamics.networks[$0] > 0 }.map { losses[$0] }
    let fitted = learned.isEmpty ? losses : learned
    let (low, high) = (fitted.min() ?? 0, fitted.max() ?? 1)
    func scaled(_ loss: Double) -> Double { high > low ? min(1, max(0, (loss - low) / (high - low))) : 0 }
    let mixture = NormalMixture(fitted.map(scaled))
    // Far below the small component's mean its narrow bell falls under the wide one's: a small loss is small.
    let quality = losses.map { mixture.probabilityOfFirst(max(scaled($0), mixture.means.0)) }
    return Assessment(
      quality: quality,
      suggested: evidence.labels.indices.map { index in
        dynamics.networks[index] > 0 ? evidence.bestOther(dynamics.probabilities, index) : evidence.bestOther(index)
      }, isFlagged: quality.map { $0 < 0.5 })
  }
}

/// Two normal distributions fitted to numbers by expectation maximisation; the first has the smaller mean.
struct NormalMixture {
  private(set) var weights: (Double, Double)
  private(set) var means: (Double, Double)
  private(set) var variances: (Double, Double)

  /// Fits the mixture, from the halves below and above the median.
  ///
  /// - Parameter floor: added to the variances, so that neither component shrinks to a point.
  init(_ values: [Double], iterations: Int = 100, tolerance: Double = 1e-8, floor: Double = 5e-4) {
    let sorted = values.sorted()
    let half = sorted.count / 2
    func moments(_ part: ArraySlice<Double>) -> (mean: Double, variance: Double) {
      let mean = part.reduce(0, +) / Double(max(1, part.count))
      return (mean, part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, part.count)) + floor)
    }
    let (lower, upper) = (moments(sorted[..<half]), moments(sorted[half...]))
    (weights, means, variances) = ((0.5, 0.5), (lower.mean, upper.mean), (lower.variance, upper.variance))
    var last = -Double.infinity
    for _ in 0..<iterations {
      var (count, sum, squares, likelihood) = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), 0.0)
      for value in values {
        let (a, b) = densities(value)
        let total = max(a + b, 1e-300)
        likelihood += log(total)
        let (p, q) = (a / total, b / total)
        count = (count.0 + p, count.1 + q)
        sum = (sum.0 + p * value, sum.1 + q * value)
        squares = (squares.0 + p * value * value, squares.1 + q * value * value)
      }
      guard count.0 > 1e-9, count.1 > 1e-9 else { break }
      means = (sum.0 / count.0, sum.1 / count.1)
      variances = (
        max(0, squares.0 / count.0 - means.0 * means.0) + floor, max(0, squares.1 / count.1 - means.1 * means.1) + floor
      )
      weights = (count.0 / Double(values.count), count.1 / Double(values.count))
      if likelihood - last < tolerance * Double(values.count) { break }
      last = likelihood
    }
    if means.0 > means.1 {
      (means, variances, weights) = ((means.1, means.0), (variances.1, variances.0), (weights.1, weights.0))
    }
  }

  private func densities(_ x: Double) -> (Double, Double) {
    func density(_ weight: Double, _ mean: Double, _ variance: Double) -> Double {
      weight / variance.squareRoot() * exp(-(x - mean) * (x - mean) / (2 * variance))
    }
    return (density(weights.0, means.0, variances.0), density(weights.1, means.1, variances.1))
  }

  /// The probability that a number comes from the component of the smaller mean.
  func probabilityOfFirst(_ x: Double) -> Double {
    let (a, b) = densities(x)
    return a + b > 0 ? a / (a + b) : (abs(x - means.0) < abs(x - means.1) ? 1 : 0)
  }
}
