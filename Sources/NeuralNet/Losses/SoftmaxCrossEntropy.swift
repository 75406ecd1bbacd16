#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Softmax cross-entropy of logits against target distributions, with its gradient.
///
/// L = sum_i w_i sum_k t_ik (-log softmax(z_i)_k) / sum_i w_i. Shapes: logits and targets [N, C], row-major.
public enum SoftmaxCrossEntropy: Loss {
  /// The name in recipes.
  public static let name = "cross-entropy"
  /// One line.
  public static let summary = "Softmax cross-entropy against labels, smoothed labels or distributions"

  /// Computes the mean loss and writes dL/dz.
  ///
  /// - Parameters:
  ///   - logits: z, [N, C].
  ///   - targets: t, [N, C]; each row sums to 1 (one-hot, smoothed, or votes), or to a weight of its own.
  ///   - weights: w, [N]; nil weighs all samples the same.
  ///   - gradient: dL/dz, [N, C]; may be the memory of the logits.
  /// - Returns: L.
  public static func lossAndGradient(
    logits: UnsafeMutableBufferPointer<Float>, targets: [Float], weights: [Float]? = nil, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    let count = logits.count / classes
    precondition(
      targets.count == logits.count && gradient.count == logits.count, "Logits, targets and gradient are N x C")
    let total = weights?.reduce(0) { $0 + Double($1) } ?? Double(count)
    guard total > 0 else {
      for i in 0..<gradient.count { gradient[i] = 0 }
      return 0
    }
    var loss = 0.0
    for row in 0..<count {
      let start = row * classes
      let weight = Double(weights?[row] ?? 1) / total
      var largest = -Float.infinity
      for k in 0..<classes { largest = max(largest, logits[start + k]) }
      var sum = 0.0
      for k in 0..<classes { sum += exp(Double(logits[start + k] - largest)) }
      let logSum = log(sum)
      var rowSum = 0.0
      for k in 0..<classes { rowSum += Double(targets[start + k]) }
      for k in 0..<classes {
        let logProbability = Double(logits[start + k] - largest) - logSum
        let target = Double(targets[start + k])
        // Early learning takes a little below nought what the network said before; infinity times nought is left out.
        if target != 0 { loss -= weight * target * logProbability }
        gradient[start + k] = Float(weight * (rowSum * exp(logProbability) - target))
      }
    }
    return Float(loss)
  }

  /// Replaces each row of logits by its softmax.
  public static func softmax(_ logits: UnsafeMutableBufferPointer<Float>, classes: Int) {
    for start in stride(from: 0, to: logits.count, by: classes) {
      var largest = -Float.infinity
      for k in 0..<classes { largest = max(largest, logits[start + k]) }
      var sum: Float = 0
      for k in 0..<classes {
        logits[start + k] = expf(logits[start + k] - largest)
        sum += logits[start + k]
      }
      for k in 0..<classes { logits[start + k] /= sum }
    }
  }

  /// One-hot targets, or smoothed ones: 1 - smoothing on the label and smoothing / C on every class, as PyTorch has it.
  public static func targets(labels: [Int], classes: Int, smoothing: Float = 0) -> [Float] {
    var targets = [Float](repeating: smoothing / Float(classes), count: labels.count * classes)
    for (row, label) in labels.enumerated() { targets[row * classes + label] += 1 - smoothing }
    return targets
  }
}
