internal import Curation
public import NeuralNet

extension TrainingRecipe {
  /// The recipe with numbers in place of the zeros that mean "the optimizer's own".
  public func resolved() throws -> TrainingRecipe {
    let kind = try OptimizerKind.named(optimizer)
    var result = self
    if learningRate == 0 {
      result.learningRate = try kind.learningRate ?? OptimizerKind.base(named: baseOptimizer).learningRate ?? 0
    }
    if radius == 0 { result.radius = kind.radius ?? 0 }
    return result
  }

  /// The optimizer of a network with `parameterCount` floats in its parameter buffer.
  public func makeOptimizer(parameterCount: Int) throws -> any Optimizer {
    let recipe = try resolved()
    let options = OptimizerOptions(
      learningRate: recipe.learningRate, momentum: momentum, weightDecay: weightDecay, radius: recipe.radius)
    return try OptimizerKind.named(optimizer)
      .optimizer(options, parameterCount: parameterCount, base: OptimizerKind.base(named: baseOptimizer))
  }

  /// How the learning rate changes.
  func learningRateSchedule() throws -> Schedule {
    try Schedule.named(schedule, stepEpochs: stepEpochs, stepFactor: stepFactor)
  }
}

/// What a class counts for in the loss.
enum ClassWeighting: String, CaseIterable {
  /// Every sample the same.
  case none
  /// Inverse to the number of the class's samples.
  case inverse
  /// Inverse to their effective number.
  case effectiveNumber = "effective-number"

  /// The weighting of this name; an error lists the names there are.
  static func named(_ name: String) throws -> ClassWeighting {
    guard let match = ClassWeighting(rawValue: name) else {
      throw NeuralNetError.unknownName(name, kind: "class weighting", known: allCases.map(\.rawValue))
    }
    return match
  }

  /// The weight of each class, or nil where all count the same.
  func weights(labels: [Int], classes: Int) -> [Float]? {
    var counts = [Int](repeating: 0, count: classes)
    for label in labels where label >= 0 { counts[label] += 1 }
    return switch self {
    case .none: nil
    case .inverse: ClassWeights.inverse(counts).map { Float($0) }
    case .effectiveNumber: ClassWeights.effectiveNumber(counts).map { Float($0) }
    }
  }
}
