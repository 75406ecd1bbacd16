#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Adam and AdamW, in PyTorch's form.
///
/// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; p -= learningRate m' / (sqrt(v') + epsilon) with
/// m' = m / (1 - beta1^t) and v' = v / (1 - beta2^t). The weight decay is added to g, or, decoupled, taken from p
/// before the step: p -= learningRate weightDecay p.
/// Sources: Kingma and Ba 2015; Loshchilov and Hutter 2019.
public final class Adam: Optimizer {
  /// The step size.
  public var learningRate: Float
  /// The share of the gradients' running mean that is kept.
  public let beta1: Float
  /// The share of the squares' running mean that is kept.
  public let beta2: Float
  /// Added to the divisor.
  public let epsilon: Float
  /// The decay of all parameters.
  public let weightDecay: Float
  /// True for AdamW: the decay does not pass through the means.
  public let isDecoupled: Bool
  /// How many steps were taken; the means' corrections follow from it.
  public var stepCount = 0
  private let firstMoment: UnsafeMutableBufferPointer<Float>
  private let secondMoment: UnsafeMutableBufferPointer<Float>

  /// Creates the optimizer of a network with `parameterCount` floats in its parameter buffer.
  public init(
    parameterCount: Int, learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0, isDecoupled: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
    firstMoment = .allocate(capacity: parameterCount)
    firstMoment.initialize(repeating: 0)
    secondMoment = .allocate(capacity: parameterCount)
    secondMoment.initialize(repeating: 0)
  }

  deinit {
    firstMoment.deallocate()
    secondMoment.deallocate()
  }

  /// The running means of gradients and of their squares.
  public var stateBuffers: [(name: String, buffer: UnsafeMutableBufferPointer<Float>)] {
    [("firstMoment", firstMoment), ("secondMoment", secondMoment)]
  }

  /// Changes the values by the gradients, once.
  public func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeMutableBufferPointer<Float>,
    evaluate: () throws -> Void = {}
  ) {
    precondition(values.count == firstMoment.count && gradients.count == values.count, "Two moments per parameter")
    stepCount += 1
    let (p, g, m, v) = (Floats(values), Floats(gradients), Floats(firstMoment), Floats(secondMoment))
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    let rate = Float(Double(learningRate) / (1 - pow(Double(beta1), Double(stepCount))))
    let rootScale = Float(1 / (1 - pow(Double(beta2), Double(stepCount))).squareRoot())
    let added = isDecoupled ? 0 : weightDecay
    let kept = isDecoupled ? 1 - learningRate * weightDecay : 1
    ChunkedPass.run(over: p.count) { range in
      for i in range {
        let gradient = g[i] + added * p[i]
        let mean = beta1 * m[i] + (1 - beta1) * gradient
        let square = beta2 * v[i] + (1 - beta2) * gradient * gradient
        m[i] = mean
        v[i] = square
        p[i] = kept * p[i] - rate * mean / (square.squareRoot() * rootScale + epsilon)
      }
    }
  }
}
