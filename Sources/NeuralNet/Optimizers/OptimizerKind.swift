/// What all optimizers can be told; each takes what concerns it.
public struct OptimizerOptions: Sendable {
  /// The first step size.
  public var learningRate: Float
  /// SGD's momentum.
  public var momentum: Float
  /// The decay of all parameters.
  public var weightDecay: Float
  /// SAM's and ASAM's radius.
  public var radius: Float

  /// Creates options.
  public init(learningRate: Float, momentum: Float = 0.9, weightDecay: Float = 0, radius: Float = 0.05) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.radius = radius
  }
}

/// The optimizers a user can choose by name.
///
/// `sam` and `asam` are wrappers: they need another one that takes the step.
public struct OptimizerKind: Sendable {
  /// The name on the command line and in recipes.
  public let name: String
  /// One line for `fercure list optimizers`.
  public let summary: String
  /// A learning rate to start from; nil for wrappers, which take their base's.
  public let learningRate: Float?
  /// A radius to start from; nil for those that take one look.
  public let radius: Float?
  private let make: @Sendable (_ options: OptimizerOptions, _ count: Int, _ base: (any Optimizer)?) -> any Optimizer

  private init(
    _ name: String, _ summary: String, learningRate: Float,
    make: @escaping @Sendable (OptimizerOptions, Int) -> any Optimizer
  ) {
    (self.name, self.summary, self.learningRate, radius) = (name, summary, learningRate, nil)
    self.make = { options, count, _ in make(options, count) }
  }

  private init(_ name: String, _ summary: String, radius: Float, isAdaptive: Bool) {
    (self.name, self.summary, learningRate, self.radius) = (name, summary, nil, radius)
    make = { options, count, base in
      guard let base else { preconditionFailure("\(name) wraps another optimizer") }
      return SharpnessAware(base: base, parameterCount: count, radius: options.radius, isAdaptive: isAdaptive)
    }
  }

  /// True for those that let another optimizer take the step.
  public var isWrapper: Bool { learningRate == nil }

  /// All optimizers.
  public static let all: [OptimizerKind] = [
    OptimizerKind("sgd", "Stochastic gradient descent with momentum", learningRate: 0.05) {
      SGD(
        parameterCount: $1, learningRate: $0.learningRate, momentum: $0.momentum, weightDecay: $0.weightDecay)
    },
    OptimizerKind("nesterov", "SGD that looks ahead along its momentum", learningRate: 0.05) {
      SGD(
        parameterCount: $1, learningRate: $0.learningRate, momentum: $0.momentum, isNesterov: true,
        weightDecay: $0.weightDecay)
    },
    OptimizerKind("adam", "A step size for each parameter; weight decay joins the gradient", learningRate: 1e-3) {
      Adam(parameterCount: $1, learningRate: $0.learningRate, weightDecay: $0.weightDecay)
    },
    OptimizerKind("adamw", "Adam with weight decay taken from the weights directly", learningRate: 1e-3) {
      Adam(parameterCount: $1, learningRate: $0.learningRate, weightDecay: $0.weightDecay, isDecoupled: true)
    },
    OptimizerKind(
      "sam", "Sharpness-aware: the base's step by the gradient at the worst point nearby; two passes a step",
      radius: 0.05, isAdaptive: false),
    OptimizerKind(
      "asam", "SAM with a neighbourhood that scales with the weights; two passes a step", radius: 2, isAdaptive: true),
  ]

  /// The optimizer of this name; an error lists the names there are.
  public static func named(_ name: String) throws -> OptimizerKind {
    guard let match = all.first(where: { $0.name == name }) else {
      throw NeuralNetError.unknownName(name, kind: "optimizer", known: all.map(\.name))
    }
    return match
  }

  /// The optimizer of this name that can take steps for a wrapper; an error lists the names there are.
  public static func base(named name: String) throws -> OptimizerKind {
    let bases = all.filter { !$0.isWrapper }
    guard let match = bases.first(where: { $0.name == name }) else {
      throw NeuralNetError.unknownName(name, kind: "base optimizer", known: bases.map(\.name))
    }
    return match
  }

  /// Makes the optimizer of a network with `parameterCount` floats in its parameter buffer; `base` serves wrappers only.
  public func optimizer(_ options: OptimizerOptions, parameterCount: Int, base: OptimizerKind) -> any Optimizer {
    make(options, parameterCount, isWrapper ? base.make(options, parameterCount, nil) : nil)
  }
}
