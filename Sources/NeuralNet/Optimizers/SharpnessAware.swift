/// SAM and ASAM: another optimizer's step, with the gradient taken where the loss around the weights is highest.
///
/// SAM: e = radius g / |g|. ASAM scales by the weights: e = radius w^2 g / ||w| g|. Norms run over all parameters at
/// once. Then the gradient is evaluated again at w + e, w is put back as it was, bit for bit, and the base optimizer steps
/// by the second gradient; weight decay belongs to the base. A step costs two evaluations.
/// Sources: Foret et al. 2021, algorithm 1; Kwon et al. 2021.
public final class SharpnessAware: Optimizer {
  /// Takes the step.
  public let base: any Optimizer
  /// The distance at which the second gradient is taken.
  public let radius: Float
  /// True for ASAM.
  public let isAdaptive: Bool
  private let saved: UnsafeMutableBufferPointer<Float>

  /// Wraps another optimizer of a network with `parameterCount` floats in its parameter buffer.
  public init(base: any Optimizer, parameterCount: Int, radius: Float, isAdaptive: Bool = false) {
    self.base = base
    self.radius = radius
    self.isAdaptive = isAdaptive
    saved = .allocate(capacity: parameterCount)
    saved.initialize(repeating: 0)
  }

  deinit { saved.deallocate() }

  /// The base's step size.
  public var learningRate: Float {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }

  /// The base's count.
  public var stepCount: Int {
    get { base.stepCount }
    set { base.stepCount = newValue }
  }

  /// The base's state: between steps there is none of its own.
  public var stateBuffers: [(name: String, buffer: UnsafeMutableBufferPointer<Float>)] { base.stateBuffers }

  /// Looks twice and steps once.
  public func step(
    values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeMutableBufferPointer<Float>,
    evaluate: () throws -> Void
  ) throws {
    precondition(values.count == saved.count && gradients.count == saved.count, "One saved value per parameter")
    try atHighestLoss(values, gradients, evaluate)
    try base.step(values: values, gradients: gradients, evaluate: evaluate)
  }

  /// Evaluates at w + e; the values are back when it returns or throws.
  private func atHighestLoss(
    _ values: UnsafeMutableBufferPointer<Float>, _ gradients: UnsafeMutableBufferPointer<Float>,
    _ evaluate: () throws -> Void
  ) rethrows {
    let (w, g, saved) = (Floats(values), Floats(gradients), Floats(saved))
    let norm = norm(w, g)
    let scale = Float(Double(radius) / (norm + 1e-12))
    let isAdaptive = isAdaptive
    ChunkedPass.run(over: w.count) { range in
      for i in range {
        let value = w[i]
        saved[i] = value
        w[i] = value + scale * (isAdaptive ? value * value * g[i] : g[i])
      }
    }
    defer { ChunkedPass.run(over: w.count) { range in for i in range { w[i] = saved[i] } } }
    try evaluate()
  }

  /// |g|, or ||w| g| for ASAM.
  private func norm(_ w: Floats, _ g: Floats) -> Double {
    let isAdaptive = isAdaptive
    return ChunkedPass.sum(over: w.count) { range in
      var total = 0.0
      var start = range.lowerBound
      // Sixteen sums side by side, folded into a double before they grow too large to tell small squares apart.
      while start + 1024 <= range.upperBound {
        var sums = SIMD16<Float>.zero
        for i in stride(from: start, to: start + 1024, by: 16) {
          let value = isAdaptive ? w.sixteen(at: i) * g.sixteen(at: i) : g.sixteen(at: i)
          sums += value * value
        }
        total += Double(sums.sum())
        start += 1024
      }
      for i in start..<range.upperBound {
        let value = Double(isAdaptive ? w[i] * g[i] : g[i])
        total += value * value
      }
      return total
    }.squareRoot()
  }
}
