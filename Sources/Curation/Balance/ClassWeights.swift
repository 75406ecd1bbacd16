#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Weights of classes in the loss: the alternative to adding and leaving out samples.
///
/// The mean of the weights of the classes that have samples is 1; a class without samples has weight 0.
public enum ClassWeights {
  /// Weights inverse to the number of samples of a class.
  public static func inverse(_ counts: [Int]) -> [Double] {
    normalised(counts.map { $0 > 0 ? 1 / Double($0) : 0 })
  }

  /// Weights inverse to the effective number of samples, (1 - beta^n) / (1 - beta).
  ///
  /// Between equal weights (beta 0) and inverse counts (beta to 1): further samples of a class tell less and less that
  /// is new. Source: Cui et al., "Class-balanced loss based on effective number of samples" (2019), equation 2.
  public static func effectiveNumber(_ counts: [Int], beta: Double = 0.9999) -> [Double] {
    precondition((0..<1).contains(beta), "Beta is at least 0 and below 1")
    return normalised(counts.map { $0 > 0 ? (1 - beta) / (1 - pow(beta, Double($0))) : 0 })
  }

  private static func normalised(_ weights: [Double]) -> [Double] {
    let present = weights.count { $0 > 0 }
    let sum = weights.reduce(0, +)
    return sum > 0 ? weights.map { $0 * Double(present) / sum } : weights
  }
}
