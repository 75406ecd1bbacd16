internal import NeuralNet
internal import Randomness

/// One network in training: all that a checkpoint must hold.
final class TrainingSession {
  /// What is kept beside the tensors.
  struct State: Codable {
    /// Epochs done.
    var epoch = 0
    var history: [EpochMetrics] = []
    var bestEpoch = 0
    var bestAccuracy = -1.0
    var plateau = Plateau()
    var relabeling: SelfCureRelabeling
    /// What the run must have in common with the one that wrote the checkpoint.
    var fingerprint: String
  }

  let network: Network
  let trainer: Trainer
  let targets: TrainingTargets
  let optimizer: any Optimizer
  /// The moving average of the weights, where the recipe wants one.
  let average: WeightAverage?
  /// What the network said of each sample, where the recipe holds it to that.
  var earlyLearning: EarlyLearning?
  /// The weight of each class in the loss; nil when all count the same.
  let classWeights: [Float]?
  let stepsPerEpoch: Int
  /// Steps of the whole run.
  let totalSteps: Int
  var state: State
  /// What of the weights to start from did not fit.
  let startingRemarks: [String]
  /// The weights of the best epoch so far.
  var best: [NamedTensor] = []
  private let set: ImageSet
  private let loss: StepLoss
  private let schedule: Schedule
  private let firstRate: Float
  private let statistics: RunningStatistics
  private let preprocessing: Preprocessing
  /// The last epoch's record, when the trainer wants one.
  private(set) var epochRecord: EpochRecord?

  init(
    _ trainer: Trainer, set: ImageSet, targets: TrainingTargets, validation: (set: ImageSet, labels: [Int])?,
    steps: Int, stepsPerEpoch: Int
  ) throws {
    let recipe = trainer.recipe
    network = try recipe.network(
      inputChannels: set.channels, classes: trainer.classes.count, hasImportance: trainer.selfCure != nil,
      seed: trainer.seed)
    if trainer.startingWeights.isEmpty {
      startingRemarks = []
    } else {
      let fitted = try PretrainedWeights(trainer.startingWeights, for: network.parameters + network.states)
      try network.importTensors(fitted.tensors, allowingMismatch: true)
      startingRemarks = fitted.remarks
    }
    optimizer = try recipe.makeOptimizer(parameterCount: network.parameterValues.count)
    average = recipe.averageDecay > 0 ? WeightAverage(of: network, decay: recipe.averageDecay) : nil
    if recipe.earlyLearning > 0 {
      earlyLearning = EarlyLearning(
        strength: recipe.earlyLearning,
        momentum: EarlyLearning.momentum(recipe.earlyLearningMomentum, stepsPerEpoch: stepsPerEpoch),
        samples: set.count, classes: trainer.classes.count)
    }
    loss = try StepLoss(recipe, selfCure: trainer.selfCure, classes: trainer.classes.count)
    schedule = try recipe.learningRateSchedule()
    firstRate = try recipe.resolved().learningRate
    classWeights = try ClassWeighting.named(recipe.classWeights)
      .weights(labels: targets.labels, classes: trainer.classes.count)
    statistics = RunningStatistics(of: network)
    let pixels = set.statistics
    preprocessing = Preprocessing(
      size: recipe.size, mean: pixels.mean, deviation: pixels.deviation, augment: recipe.augment)
    self.trainer = trainer
    self.set = set
    self.targets = targets
    self.stepsPerEpoch = stepsPerEpoch
    totalSteps = steps
    let fixed = (0..<set.count).map { targets.distributions[$0] != nil }
    state = State(
      relabeling: SelfCureRelabeling(labels: targets.labels, fixed: fixed),
      fingerprint: try TrainingSession.fingerprint(
        trainer, network: network, set: set, targets: targets, validation: validation, earlyLearning: earlyLearning))
  }

  /// The card of the model as it is now.
  func card(epoch: Int) -> TrainedModel.Card {
    TrainedModel.Card(
      model: trainer.recipe.model, classes: trainer.classes, size: trainer.recipe.size, channels: set.channels,
      activation: trainer.recipe.activation, attention: trainer.recipe.attention,
      hasImportance: trainer.selfCure != nil, mean: preprocessing.mean, deviation: preprocessing.deviation,
      epoch: epoch, version: fercureVersion)
  }

  /// The weights that would be the model if training ended now.
  func modelTensors() throws -> [NamedTensor] { try average?.exportTensors() ?? network.exportTensors() }

  /// Takes the steps of the next epoch.
  func runEpoch(observe: (TrainingEvent) throws -> Void) throws -> EpochMetrics {
    let recipe = trainer.recipe
    let epoch = state.epoch
    let batchSize = recipe.batchSize
    let first = epoch * stepsPerEpoch
    let steps = min(stepsPerEpoch, totalSteps - first)
    var order = Array(0..<set.count)
    var generator = SeededGenerator(seed: trainer.seed, "order", "\(epoch)")
    order.shuffle(using: &generator)
    let batches = (0..<steps).map { Array(order[($0 * batchSize)..<(($0 + 1) * batchSize)]) }
    let pipeline = BatchPipeline(
      batches, of: set, preprocessing: preprocessing, seed: trainer.seed, epoch: epoch)
    defer { pipeline.stop() }

    beginRecord(epoch: epoch + 1)
    let clock = ContinuousClock()
    let start = clock.now
    var totals = (loss: 0.0, right: 0, importance: 0.0)
    for number in 0..<steps {
      let step = first + number
      guard let batch = try pipeline.nextBatch() else { break }
      let mixUp = mixUp(step: step)
      if let mixUp {
        mixUp.mix(batch.input, into: network.input)
      } else {
        _ = network.input.update(fromContentsOf: batch.input[0..<network.input.count])
      }
      pipeline.release()
      optimizer.learningRate = learningRate(step: step)
      let result = try takeStep(batch.indices, mixUp: mixUp, step: step)
      guard result.loss.isFinite else { throw TrainingError.diverged(epoch: epoch + 1, step: number + 1) }
      totals.loss += Double(result.loss)
      totals.right += result.right
      totals.importance += result.importance
      try observe(.stepEnded(step: step + 1, of: totalSteps, samples: batchSize))
    }
    let count = Double(steps)
    return EpochMetrics(
      epoch: epoch + 1, learningRate: Double(learningRate(step: first)), trainLoss: totals.loss / count,
      trainAccuracy: Double(totals.right) / (count * Double(batchSize)), validationLoss: nil, validationAccuracy: nil,
      seconds: (clock.now - start) / .seconds(1),
      relabelled: trainer.selfCure == nil ? nil : state.relabeling.relabelledCount,
      meanImportance: trainer.selfCure == nil ? nil : totals.importance / count)
  }

  private func learningRate(step: Int) -> Float {
    let warmup = Int((trainer.recipe.warmupEpochs * Double(stepsPerEpoch)).rounded())
    let factor = schedule.factor(step: step, of: totalSteps, stepsPerEpoch: stepsPerEpoch, warmup: warmup)
    return firstRate * factor * state.plateau.factor
  }

  private func mixUp(step: Int) -> MixUp? {
    guard trainer.recipe.mixUp > 0 else { return nil }
    var generator = SeededGenerator(seed: trainer.seed, "mixup", "\(step)")
    return MixUp(alpha: trainer.recipe.mixUp, count: trainer.recipe.batchSize, using: &generator)
  }

  /// One change of the weights: forward, loss, backward, and whatever the optimizer needs beside.
  private func takeStep(_ batch: [Int], mixUp: MixUp?, step: Int) throws
    -> (loss: Float, right: Int, importance: Double)
  {
    let dropoutKey = trainer.seed &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(step)
    try network.forward(dropoutKey: dropoutKey)
    let target = batchTargets(batch, mixUp: mixUp, step: step)
    record(batch)
    let right = rightCount(target)
    let result = loss.detailed(network, targets: target.values)
    var importance = 0.0
    if let selfCure = trainer.selfCure, let seen = result.selfCure {
      state.relabeling.observe(
        batch: batch, result: seen, classes: trainer.classes.count, epoch: state.epoch + 1, recipe: selfCure)
      importance = Double(seen.importance.reduce(0, +)) / Double(batch.count)
    }
    try network.backward()
    try optimizer.step(values: network.parameterValues, gradients: network.parameterGradients) {
      // The second look of SAM: other weights; the same pictures, targets and dropped features; and nothing remembered.
      network.parametersDidChange()
      try statistics.kept { try network.forward(dropoutKey: dropoutKey) }
      loss.evaluate(network, targets: target.values)
      try network.backward()
    }
    network.parametersDidChange()
    average?.update(step: step + 1)
    return (result.loss, right, importance)
  }

  /// Rows whose largest output is at the wanted class.
  private func rightCount(_ target: BatchTargets) -> Int {
    let (logits, classes) = (network.output("logits"), trainer.classes.count)
    return target.wanted.indices.count { row in
      let range = (row * classes)..<((row + 1) * classes)
      return range.max { logits[$0] < logits[$1] } == row * classes + target.wanted[row]
    }
  }

  // MARK: Records

  private func beginRecord(epoch: Int) {
    guard trainer.record != nil else { return }
    epochRecord = EpochRecord(
      epoch: epoch, logits: [Float](repeating: 0, count: set.count * trainer.classes.count),
      importance: trainer.selfCure == nil ? [] : [Float](repeating: 0, count: set.count),
      isSeen: [Bool](repeating: false, count: set.count))
  }

  private func record(_ batch: [Int]) {
    guard epochRecord != nil else { return }
    let (logits, classes) = (network.output("logits"), trainer.classes.count)
    let importance = trainer.selfCure == nil ? nil : network.output("importance")
    for (row, index) in batch.enumerated() {
      epochRecord?.isSeen[index] = true
      for k in 0..<classes { epochRecord?.logits[index * classes + k] = logits[row * classes + k] }
      if let importance { epochRecord?.importance[index] = 1 / (1 + Float.exponential(-importance[row])) }
    }
  }

  // MARK: Epochs

  /// Counts the epoch as done and keeps its weights if they are the best so far.
  func finishEpoch(_ metrics: EpochMetrics, tensors: [NamedTensor]) {
    state.epoch += 1
    state.history.append(metrics)
    if schedule == .plateau {
      state.plateau.observe(
        metrics.validationLoss ?? metrics.trainLoss, patience: trainer.recipe.plateauPatience,
        reduction: trainer.recipe.stepFactor)
    }
    let accuracy = metrics.validationAccuracy ?? Double(state.epoch)
    guard accuracy > state.bestAccuracy else { return }
    state.bestAccuracy = accuracy
    state.bestEpoch = state.epoch
    best = tensors
  }

  /// True when all steps are taken, or the last `patience` epochs brought nothing.
  var isFinished: Bool {
    let patience = trainer.recipe.patience
    return state.epoch * stepsPerEpoch >= totalSteps || (patience > 0 && state.epoch - state.bestEpoch >= patience)
  }

  /// The trained model.
  func outcome() throws -> TrainingOutcome {
    let tensors = best.isEmpty ? try modelTensors() : best
    var card = card(epoch: state.bestEpoch)
    card.history = state.history.map {
      var metrics = $0
      metrics.seconds = 0
      return metrics
    }
    return TrainingOutcome(
      model: TrainedModel(card: card, tensors: tensors), history: state.history,
      relabelEpochs: state.relabeling.firstEpoch, stoppedEarly: state.epoch * stepsPerEpoch < totalSteps)
  }
}
