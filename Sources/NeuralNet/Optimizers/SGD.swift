/// Stochastic gradient descent with momentum, in PyTorch's form.
///
/// g += weightDecay p; v = momentum v + g (v = g at the first step); p -= learningRate v, or, with Nesterov,
/// p -= learningRate (g + momentum v).
public final class SGD: Optimizer {
  /// The step size.
  public var learningRate: Float
  /// The share of the last velocity that is kept.
  public let momentum: Float
  /// Looks ahead along the velocity.
  public let isNesterov: Bool
  /// L2 decay, added to the gradient.
  public let weightDecay: Float
  /// How many steps were taken; a resumed run sets it.
  public var stepCount = 0
  private let velocity: UnsafeMutableBufferPointer<Float>

  /// Creates the optimizer of a network with `parameterCount` floats in its parameter buffer.
  public init(
    parameterCount: Int, learningRate: Float, momentum: Float = 0.9, isNesterov: Bool = false, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
    velocity = .allocate(capacity: parameterCount)
    velocity.initialize(repeating: 0)
  }

  deinit { velocity.deallocate() }

  /// The velocity.
  public var stateBuffers: [(name: String, buffer: UnsafeMutableBufferPointer<Float>)] { [("velocity", velocity)] }

  /// Changes the values by the gradients, once.
  public func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeMutableBufferPointer<Float>,
    evaluate: () throws -> Void = {}
  ) {
    precondition(values.count == velocity.count && gradients.count == velocity.count, "One velocity per parameter")
    // With zero velocity at the start, v = momentum v + g is g at the first step.
    let (p, g, v) = (Floats(values), Floats(gradients), Floats(velocity))
    let (rate, momentum, decay, isNesterov) = (learningRate, momentum, weightDecay, isNesterov)
    ChunkedPass.run(over: p.count) { range in
      for i in range {
        let gradient = g[i] + decay * p[i]
        let velocity = momentum * v[i] + gradient
        v[i] = velocity
        p[i] -= rate * (isNesterov ? gradient + momentum * velocity : velocity)
      }
    }
    stepCount += 1
  }
}
