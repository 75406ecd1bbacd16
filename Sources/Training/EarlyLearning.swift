#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Early-learning regularization: holds a network to what it said about a sample before it began to believe wrong labels.
///
/// Source: Liu et al., "Early-learning regularization prevents memorization of noisy labels" (NeurIPS 2020).
/// t <- beta t + (1 - beta) p is the memory of each sample, from 0 on, and the loss becomes L + lambda log(1 - <p, t>). Its
/// derivative by the logits is p - y - lambda p (t - <p, t>) / (1 - <p, t>), which is that of cross-entropy against
/// y + lambda p (t - <p, t>) / (1 - <p, t>): still a row that sums to 1. So it is added to the targets, and whatever
/// follows them (SCN's importance, SAM's second look) need not know of it.
struct EarlyLearning {
  /// lambda.
  let strength: Float
  /// beta.
  let momentum: Float
  /// C.
  let classes: Int
  /// t of every sample, [N, C].
  private(set) var memory: [Float]

  /// The smallest 1 - <p, t>: what is this sure is not pushed further.
  private static let smallest: Float = 1e-4
  /// An epoch of so many steps, or more, teaches enough for a memory of few looks: two thirds of FER2013 in batches of 64 are 299.
  private static let usualSteps = 290

  init(strength: Float, momentum: Float, samples: Int, classes: Int) {
    self.strength = strength
    self.momentum = momentum
    self.classes = classes
    memory = [Float](repeating: 0, count: samples * classes)
  }

  /// beta where a sample is looked at again after few steps.
  ///
  /// A memory of as few looks as usual would hold the network to what it said when it had learned next to nothing, one of as many
  /// steps as usual would let it learn wrong labels: the number of looks grows by the cube root.
  ///
  /// - Parameters:
  ///   - usual: beta where there are `usualSteps` in an epoch, or more.
  ///   - stepsPerEpoch: training steps between two looks at a sample.
  static func momentum(_ usual: Float, stepsPerEpoch: Int) -> Float {
    powf(usual, cbrtf(min(1, Float(stepsPerEpoch) / Float(usualSteps))))
  }

  /// The share of lambda that counts in a step, where it rises for `length` steps: exp(-5 (1 - step / length)^2).
  ///
  /// Source: Laine and Aila, "Temporal ensembling for semi-supervised learning" (ICLR 2017), section 3; so did the authors of early-learning
  /// regularization where they used two networks.
  static func rampUp(step: Int, length: Double) -> Float {
    guard Double(step) < length else { return 1 }
    let left = 1 - Float(step) / Float(length)
    return expf(-5 * left * left)
  }

  /// Takes up the memory of a stopped training.
  mutating func restore(_ values: [Float]) {
    precondition(values.count == memory.count, "A memory is N x C")
    memory = values
  }

  /// Remembers what the network says of sample `index`, and adds the regularization to its target.
  ///
  /// - Parameter share: what counts of lambda.
  mutating func regularize(
    _ target: inout ArraySlice<Float>, sample index: Int, logits: some Collection<Float>, share: Float = 1
  ) {
    precondition(target.count == classes && logits.count == classes, "One target and one logit a class")
    let largest = logits.max() ?? 0
    var p = logits.map { expf($0 - largest) }
    let sum = p.reduce(0, +)
    guard sum.isFinite, sum > 0 else { return }
    var agreement: Float = 0
    for k in 0..<classes {
      p[k] /= sum
      memory[index * classes + k] = momentum * memory[index * classes + k] + (1 - momentum) * p[k]
      agreement += p[k] * memory[index * classes + k]
    }
    let scale = share * strength / max(Self.smallest, 1 - agreement)
    for k in 0..<classes {
      target[target.startIndex + k] += scale * p[k] * (memory[index * classes + k] - agreement)
    }
  }
}
