#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The negative log-likelihood of outputs that are normalised first, in the two steps that PyTorch spells
/// `log_softmax` and `nll_loss`.
///
/// o = z - log sum_k exp(z_k); L = -sum_i w_i sum_k t_ik o_ik / sum_i w_i; backwards do = -w t / sum w and
/// dz = do - exp(o) sum_k do_k. The same function as the cross-entropy, rounded at another place.
public enum NegativeLogLikelihood: Loss {
  /// The name in recipes.
  public static let name = "nll"
  /// One line.
  public static let summary = "Negative log-likelihood over outputs normalised by log-softmax"

  /// Computes the mean loss and writes dL/dz.
  public static func lossAndGradient(
    logits: UnsafeMutableBufferPointer<Float>, targets: [Float], weights: [Float]?, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    precondition(
      targets.count == logits.count && gradient.count == logits.count, "Logits, targets and gradient are N x C")
    let count = logits.count / classes
    let total = weights?.reduce(0) { $0 + Double($1) } ?? Double(count)
    var loss = 0.0
    for row in 0..<count {
      let places = (row * classes)..<((row + 1) * classes)
      let weight = total > 0 ? Float(Double(weights?[row] ?? 1) / total) : 0
      normalise(logits, places, to: gradient)
      var sum: Float = 0
      for k in places {
        loss -= Double(weight * targets[k]) * Double(targets[k] != 0 ? gradient[k] : 0)
        sum -= weight * targets[k]
      }
      for k in places { gradient[k] = -weight * targets[k] - expf(gradient[k]) * sum }
    }
    return Float(loss)
  }

  /// Writes the log-softmax of one row.
  private static func normalise(
    _ logits: UnsafeMutableBufferPointer<Float>, _ places: Range<Int>, to outputs: UnsafeMutableBufferPointer<Float>
  ) {
    let largest = places.reduce(-Float.infinity) { max($0, logits[$1]) }
    let logSum = largest + logf(places.reduce(Float(0)) { $0 + expf(logits[$1] - largest) })
    for k in places { outputs[k] = logits[k] - logSum }
  }
}
