internal import NeuralNet
internal import Randomness
public import Training

/// Fits an audit into a number of minutes: first fewer or more epochs, then a smaller network, then fewer folds.
public struct AuditBudget: Sendable {
  /// What a training step of each network costs on this machine, by architecture.
  public var stepSeconds: [String: Double]
  /// Labelled training samples.
  public var training: Int
  /// All audited samples.
  public var samples: Int

  /// The network that stands in for one that is too slow.
  public static let smallModel = "resnet10-mini"
  /// Fewer epochs than this teach a network too little to judge by.
  public static let fewestEpochs = 6
  /// More epochs than this were never tried.
  public static let mostEpochs = 60
  /// Loading, making pictures ready and judging, over the bare steps.
  static let overhead = 1.25

  /// Takes what was measured.
  public init(stepSeconds: [String: Double], training: Int, samples: Int) {
    self.stepSeconds = stepSeconds
    self.training = training
    self.samples = samples
  }

  /// The seconds that an audit would take.
  public func seconds(_ recipe: AuditRecipe) -> Double {
    let folds = Double(recipe.folds)
    // Every sample is looked at twice, as it is and mirrored, in each of the last epochs; a fold's network looks at those
    // of its fold, and once more at its own.
    let whole = seconds(recipe.train, members: Double(training)) { Double(samples) * 2 * $0 }
    let fold = seconds(recipe.foldTraining, members: Double(training) * (folds - 1) / folds) {
      Double(training) / folds * (2 * $0 + folds - 1)
    }
    func seconds(_ train: TrainingRecipe, members: Double, looks: (Double) -> Double) -> Double {
      let batch = Double(train.batchSize)
      let steps = (members / batch).rounded(.down) * Double(train.epochs)
      // A forward pass costs about a third of a step.
      let passes = looks(Double(min(train.epochs, recipe.averagedEpochs))) / batch / 3
      return (steps + passes) * (stepSeconds[train.model] ?? .infinity) * Self.overhead
    }
    return whole + folds * fold
  }

  /// The recipe with folds, epochs and network that fit.
  ///
  /// - Throws: `AuditError.budgetTooSmall` when nothing does.
  public func plan(_ recipe: AuditRecipe, minutes: Double) throws -> AuditRecipe {
    var cheapest = Double.infinity
    for folds in Set([recipe.folds, min(recipe.folds, 3), 2]).sorted(by: >) {
      for model in [recipe.train.model, Self.smallModel] {
        func planned(_ epochs: Int) -> AuditRecipe {
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
        cheapest = min(cheapest, seconds(planned(Self.fewestEpochs)) / 60)
        if let fitting = (Self.fewestEpochs...Self.mostEpochs).map(planned).last(where: {
          seconds($0) <= minutes * 60
        }) {
          return fitting
        }
      }
    }
    throw AuditError.budgetTooSmall(minutes: minutes, needed: cheapest)
  }

  /// Times some training steps of the recipe's networks, and of a smaller one that may stand in.
  public static func measure(_ recipe: AuditRecipe, training: Int, samples: Int, classes: Int) throws -> AuditBudget {
    let names = Set([recipe.train.model, recipe.foldModel, smallModel]).sorted()
    let measured = try names.map { ($0, try stepSeconds(recipe.train, model: $0, classes: classes)) }
    return AuditBudget(
      stepSeconds: Dictionary(uniqueKeysWithValues: measured), training: training, samples: samples)
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
