internal import NeuralNet

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// SCN's loss of one batch: logit-weighted cross-entropy and rank regularization.
///
/// Source: Wang et al. 2020, equations 2 to 4.
/// With logits z, importance alpha = sigmoid(a), M = beta N clamped to 1 ... N - 1:
/// WCE = mean of the cross-entropy of softmax(alpha z); RR = max(0, delta1 - (mean of the M largest alpha - mean of the
/// others)); L = gamma WCE + (1 - gamma) RR. The derivatives are dz = gamma alpha (p - t) / N and
/// da = alpha (1 - alpha) (gamma (p - t) z / N + (1 - gamma) dRR/dalpha), dRR/dalpha = -1/M in the high group and
/// 1/(N - M) in the low one while RR > 0.
struct SelfCureLoss {
  /// The parts of the loss, and what relabelling needs.
  struct Result {
    var loss: Float
    var weightedCrossEntropy: Float
    var rankRegularization: Float
    /// alpha, [N].
    var importance: [Float]
    /// softmax(alpha z), [N, C].
    var probabilities: [Float]
    /// True for the samples of the low-importance group.
    var isLow: [Bool]
  }

  let recipe: SelfCureRecipe
  let classes: Int

  /// Computes the loss and writes the gradients by logits [N, C] and by importance logits [N].
  func callAsFunction(
    logits: UnsafeMutableBufferPointer<Float>, importanceLogits: UnsafeMutableBufferPointer<Float>, targets: [Float],
    logitsGradient: UnsafeMutableBufferPointer<Float>, importanceGradient: UnsafeMutableBufferPointer<Float>
  ) -> Result {
    let count = importanceLogits.count
    precondition(logits.count == count * classes && targets.count == logits.count, "Logits and targets are N x C")
    let alpha = importanceLogits.map { 1 / (1 + expf(-$0)) }

    let weighted = UnsafeMutableBufferPointer<Float>.allocate(capacity: logits.count)
    defer { weighted.deallocate() }
    for i in 0..<count { for k in 0..<classes { weighted[i * classes + k] = alpha[i] * logits[i * classes + k] } }
    let crossEntropy = SoftmaxCrossEntropy.lossAndGradient(
      logits: weighted, targets: targets, classes: classes, gradient: logitsGradient)
    SoftmaxCrossEntropy.softmax(weighted, classes: classes)

    let (rank, rankGradient, isLow) = rankRegularization(alpha)
    let balance = recipe.balance
    for i in 0..<count {
      var slope: Float = 0
      for k in 0..<classes {
        let index = i * classes + k
        slope += logitsGradient[index] * logits[index]
        logitsGradient[index] *= balance * alpha[i]
      }
      importanceGradient[i] = alpha[i] * (1 - alpha[i]) * (balance * slope + (1 - balance) * rankGradient[i])
    }
    return Result(
      loss: balance * crossEntropy + (1 - balance) * rank, weightedCrossEntropy: crossEntropy,
      rankRegularization: rank, importance: alpha, probabilities: Array(weighted), isLow: isLow)
  }

  /// RR, its gradient by alpha, and who is in the low group.
  private func rankRegularization(_ alpha: [Float]) -> (loss: Float, gradient: [Float], isLow: [Bool]) {
    let count = alpha.count
    guard count > 1 else { return (0, [0], [false]) }
    // Neither group may be empty: the published code divides by zero for the last batch of one.
    let high = min(max(Int(Float(count) * recipe.ratio), 1), count - 1)
    let order = alpha.indices.sorted { (alpha[$0], $1) > (alpha[$1], $0) }
    var isLow = [Bool](repeating: false, count: count)
    for index in order[high...] { isLow[index] = true }
    let highMean = order[..<high].reduce(Float(0)) { $0 + alpha[$1] } / Float(high)
    let lowMean = order[high...].reduce(Float(0)) { $0 + alpha[$1] } / Float(count - high)
    let loss = recipe.rankMargin - (highMean - lowMean)
    guard loss > 0 else { return (0, [Float](repeating: 0, count: count), isLow) }
    return (loss, isLow.map { $0 ? 1 / Float(count - high) : -1 / Float(high) }, isLow)
  }
}
