internal import NeuralNet
internal import Randomness
public import Training

/// Fits an audit into a number of minutes: first fewer or more epochs, then a smaller network, then fewer folds.
public struct AuditBudget: Sendable {
  /// What a training step of each network costs on this machine, the wanted one first.
  public var stepSeconds: [(model: String, seconds: Double)]
  /// Labelled training samples.
  public var training: Int
  /// All audited samples.
  public var samples: Int

  /// Fewer epochs than this teach a network too little to judge by.
  public static let fewestEpochs = 6
  /// More epochs than this are not worth the time: networks begin to believe wrong labels.
  public static let mostEpochs = 30
  /// Loading, making pictures ready and judging, over the bare steps.
  static let overhead = 1.25

  /// Takes what was measured.
  public init(stepSeconds: [(model: String, seconds: Double)], training: Int, samples: Int) {
    self.stepSeconds = stepSeconds
    self.training = training
    self.samples = samples
  }

  /// The seconds that an audit would take.
  public func seconds(folds: Int, epochs: Int, averaged: Int = 3, step: Double, batch: Int) -> Double {
    let members = Double(training) * Double(folds - 1) / Double(folds)
    let steps = (members / Double(batch)).rounded(.down) * Double(epochs) * Double(folds)
    // Every sample is judged twice, as it is and mirrored, in each of the last epochs; members once more at the end. A
    // forward pass costs about a third of a step.
    let passes = (Double(samples) * 2 * Double(averaged) + members * Double(folds)) / Double(batch) / 3
    return (steps + passes) * step * Self.overhead
  }

  /// The recipe with folds, epochs and network that fit.
  ///
  /// - Throws: `AuditError.budgetTooSmall` when nothing does.
  public func plan(_ recipe: AuditRecipe, minutes: Double) throws -> AuditRecipe {
    var cheapest = Double.infinity
    for folds in Set([recipe.folds, min(recipe.folds, 3), 2]).sorted(by: >) {
      for (model, step) in stepSeconds {
        let cost = { epochs in
          seconds(
            folds: folds, epochs: epochs, averaged: min(epochs, recipe.averagedEpochs), step: step,
            batch: recipe.train.batchSize)
        }
        let epochs = (Self.fewestEpochs...Self.mostEpochs).last { cost($0) <= minutes * 60 }
        cheapest = min(cheapest, cost(Self.fewestEpochs) / 60)
        guard let epochs else { continue }
        var planned = recipe
        planned.folds = folds
        planned.train.model = model
        planned.train.epochs = epochs
        planned.train.steps = 0
        // Relabelling begins after the same share of the training.
        let share = Double(recipe.selfCure.relabelFrom - 1) / Double(max(1, recipe.train.epochs))
        planned.selfCure.relabelFrom = Int((share * Double(epochs)).rounded()) + 1
        return planned
      }
    }
    throw AuditError.budgetTooSmall(minutes: minutes, needed: cheapest)
  }

  /// Times some training steps of the recipe's network, and of a smaller one that may stand in for it.
  public static func measure(_ recipe: AuditRecipe, training: Int, samples: Int, classes: Int) throws -> AuditBudget {
    var names = [recipe.train.model]
    if !names.contains("resnet10-mini") { names.append("resnet10-mini") }
    let measured = try names.map { ($0, try stepSeconds(recipe.train, model: $0, classes: classes)) }
    return AuditBudget(stepSeconds: measured, training: training, samples: samples)
  }

  private static func stepSeconds(_ recipe: TrainingRecipe, model name: String, classes: Int) throws -> Double {
    var recipe = recipe
    recipe.model = name
    let network = try recipe.network(inputChannels: recipe.channels, classes: classes, hasImportance: true, seed: 1)
    let optimizer = try recipe.makeOptimizer(parameterCount: network.parameterValues.count)
    var generator = SeededGenerator(seed: 1)
    for i in 0..<network.input.count { network.input[i] = Float(generator.uniform() * 2 - 1) }
    let clock = ContinuousClock()
    var times: [Double] = []
    for step in 0..<8 {
      func look() throws {
        try network.forward(dropoutKey: UInt64(step))
        for output in ["logits", "importance"] { network.outputGradient(output).update(repeating: 0.01) }
        try network.backward()
      }
      let time = try clock.measure {
        try look()
        try optimizer.step(values: network.parameterValues, gradients: network.parameterGradients) {
          // SAM looks twice.
          network.parametersDidChange()
          try look()
        }
        network.parametersDidChange()
      }
      if step >= 3 { times.append(time / .seconds(1)) }
    }
    return times.sorted()[times.count / 2]
  }
}
