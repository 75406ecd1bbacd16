public import Curation
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
  /// Whether enough votes are known to teach networks.
  public var taughtByVotes: Bool

  /// The network that stands in for one that is too slow.
  public static let fastModel = "resnet10-mini"
  /// Fewer epochs than this teach a network too little to judge by.
  public static let fewestEpochs = 6
  /// Fewer epochs of a larger network are worth less than the many of the small one in the same time; votes, which teach more
  /// than labels do, make up for some.
  static let (fewestLargeEpochs, fewestTaughtEpochs) = (18, 12)
  /// More epochs than this were never tried.
  public static let (mostEpochs, mostSmallEpochs) = (60, 100)
  /// Loading, making pictures ready and judging, over the bare steps.
  static let overhead = 1.25

  /// Takes what was measured.
  public init(stepSeconds: [String: Double], training: Int, samples: Int, taughtByVotes: Bool) {
    self.stepSeconds = stepSeconds
    self.training = training
    self.samples = samples
    self.taughtByVotes = taughtByVotes
  }

  /// The seconds that an audit would take.
  public func seconds(_ recipe: AuditRecipe) -> Double {
    let networks = AuditNetwork.all(of: recipe, taughtByVotes: taughtByVotes)
    return networks.reduce(0) { $0 + seconds($1, recipe) } * Self.overhead
  }

  private func seconds(_ network: AuditNetwork, _ recipe: AuditRecipe) -> Double {
    let batch = Double(network.training.batchSize)
    let held = network.part == .whole ? 0 : Double(training) / Double(recipe.folds)
    let members = Double(training) - held
    let steps = (members / batch).rounded(.down) * Double(network.training.epochs)
    // A fold's network is asked about unseen samples, as they are and mirrored, after each of the last epochs, and about its own once;
    // that of all samples the other way round.
    let looks = Double(min(network.training.epochs, recipe.averagedEpochs))
    let others = Double(samples - training)
    let asked = network.part == .whole ? others + members * (looks + 1) : (held + others) * 2 * looks + members
    // A forward pass costs about a third of a step.
    return (steps + asked / batch / 3) * (stepSeconds[network.training.model] ?? .infinity)
  }

  /// The recipe with folds, epochs and network that fit.
  ///
  /// - Throws: `AuditError.budgetTooSmall` when nothing does.
  public func plan(_ recipe: AuditRecipe, minutes: Double) throws -> AuditRecipe {
    // Where epochs are few steps, all that is said about their number here holds for so much more of them.
    let usual = max(1, recipe.train.epochs)
    let recipe = recipe.lengthened(training: training, taughtByVotes: taughtByVotes)
    func scaled(_ epochs: Int) -> Int { epochs * recipe.train.epochs / usual }
    var cheapest = Double.infinity
    for folds in Set([recipe.folds, min(recipe.folds, 3), 2]).sorted(by: >) {
      for standsIn in [false, true] {
        let isSmall = standsIn || recipe.train.model == Self.fastModel
        func planned(_ epochs: Int) -> AuditRecipe {
          var planned = recipe
          planned.folds = folds
          if standsIn { (planned.train.model, planned.foldModel) = (Self.fastModel, Self.fastModel) }
          planned.train.epochs = epochs
          if taughtByVotes {
            planned.foldEpochs = epochs
          } else if isSmall {
            // Most of the time is the network's that sees all samples: what it says is most of the evidence.
            planned.foldEpochs = min(recipe.foldEpochs, max(scaled(Self.fewestEpochs), epochs / 4))
          }
          planned.train.steps = 0
          // Relabelling begins after the same share of the training.
          let share = Double(recipe.selfCure.relabelFrom - 1) / Double(max(1, recipe.train.epochs))
          planned.selfCure.relabelFrom = Int((share * Double(epochs)).rounded()) + 1
          return planned
        }
        let epochs =
          isSmall
          ? scaled(Self.fewestEpochs)...scaled(Self.mostSmallEpochs)
          : scaled(fewestEpochs(of: recipe))...scaled(Self.mostEpochs)
        cheapest = min(cheapest, seconds(planned(epochs.lowerBound)) / 60)
        if let fitting = epochs.map(planned).last(where: { seconds($0) <= minutes * 60 }) { return fitting }
      }
    }
    throw AuditError.budgetTooSmall(minutes: minutes, needed: cheapest)
  }

  /// Epochs below which the small network takes the place of the recipe's own, if it is the faster one.
  private func fewestEpochs(of recipe: AuditRecipe) -> Int {
    guard let own = stepSeconds[recipe.train.model], let small = stepSeconds[Self.fastModel], small < own else {
      return Self.fewestEpochs
    }
    return taughtByVotes ? Self.fewestTaughtEpochs : Self.fewestLargeEpochs
  }

  /// Times some training steps of the recipe's networks, and of a smaller one that may stand in.
  public static func measure(_ recipe: AuditRecipe, _ source: some SampleSource, votes: [Int64: Votes]) throws
    -> AuditBudget
  {
    let classes = try source.classes()
    let samples = try AuditSamples.of(source)
    let training = samples.count { $0.split == .train }
    let taught = ShownVotes.teach(votes, samples: samples, classes: classes, recipe: recipe)
    let own = recipe.lengthened(training: training, taughtByVotes: taught)
    let recipes = Set([own.train.model, own.foldModel, fastModel]).sorted().map { model in
      var train = recipe.train
      train.model = model
      return train
    }
    for train in recipes { try train.architecture() }
    let measured = try recipes.map { ($0.model, try stepSeconds($0, classes: classes.count)) }
    return AuditBudget(
      stepSeconds: Dictionary(uniqueKeysWithValues: measured), training: training, samples: samples.count,
      taughtByVotes: taught)
  }

  private static func stepSeconds(_ recipe: TrainingRecipe, classes: Int) throws -> Double {
    let network = try recipe.network(inputChannels: recipe.channels, classes: classes, hasImportance: true, seed: 1)
    let optimizer = try recipe.makeOptimizer(parameterCount: network.parameterValues.count)
    var generator = SeededGenerator(seed: 1)
    for i in 0..<network.input.count { network.input[i] = Float(generator.uniform() * 2 - 1) }
    let clock = ContinuousClock()
    var times: [Double] = []
    // The first steps are slower; a second of the others evens out what else the machine does.
    for step in 0..<1000 {
      if times.count >= 5, times.reduce(0, +) >= 1 { break }
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
