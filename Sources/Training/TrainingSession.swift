internal import Curation
internal import Foundation
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
    var relabeling: SelfCureRelabeling
    /// What the run must have in common with the one that wrote the checkpoint.
    var fingerprint: String
  }

  let network: Network
  private(set) var state: State
  private let trainer: Trainer
  private let set: ImageSet
  private let targets: TrainingTargets
  private let epochs: Int
  private let stepsPerEpoch: Int
  private let optimizer: SGD
  private let preprocessing: Preprocessing
  private var best: [NamedTensor] = []
  /// The last epoch's record, when the trainer wants one.
  private(set) var epochRecord: EpochRecord?

  init(_ trainer: Trainer, set: ImageSet, targets: TrainingTargets, epochs: Int, stepsPerEpoch: Int) throws {
    let recipe = trainer.recipe
    let architecture = try Architecture.named(recipe.model)
    guard recipe.size >= architecture.minimumSize else {
      throw NeuralNetError.inputTooSmall(
        architecture: architecture.name, size: recipe.size, minimum: architecture.minimumSize)
    }
    let model = architecture.model(
      size: recipe.size, inputChannels: set.channels, classes: trainer.classes.count, activation: recipe.activation,
      dropout: recipe.dropout, hasImportance: trainer.selfCure != nil)
    network = try Network(
      model, inputShape: [recipe.batchSize, set.channels, recipe.size, recipe.size], mode: .training,
      gradients: .parameters, precision: recipe.precision, seed: trainer.seed)
    optimizer = SGD(
      parameterCount: network.parameterValues.count, learningRate: recipe.learningRate, momentum: recipe.momentum,
      isNesterov: recipe.nesterov, weightDecay: recipe.weightDecay)
    let statistics = set.statistics
    preprocessing = Preprocessing(
      size: recipe.size, mean: statistics.mean, deviation: statistics.deviation, augment: recipe.augment)
    self.trainer = trainer
    self.set = set
    self.targets = targets
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
    let fixed = (0..<set.count).map { targets.distributions[$0] != nil }
    state = State(
      relabeling: SelfCureRelabeling(labels: targets.labels, fixed: fixed),
      fingerprint: try TrainingSession.fingerprint(trainer, set: set, targets: targets))
  }

  /// The card of the model as it is now.
  func card(epoch: Int) -> TrainedModel.Card {
    TrainedModel.Card(
      model: trainer.recipe.model, classes: trainer.classes, size: trainer.recipe.size, channels: set.channels,
      activation: trainer.recipe.activation, hasImportance: trainer.selfCure != nil, mean: preprocessing.mean,
      deviation: preprocessing.deviation, epoch: epoch, version: fercureVersion)
  }

  /// Takes the steps of the next epoch.
  func runEpoch(steps: Int, observe: (TrainingEvent) throws -> Void) throws -> EpochMetrics {
    let recipe = trainer.recipe
    let epoch = state.epoch
    let batchSize = recipe.batchSize
    var order = Array(0..<set.count)
    var generator = SeededGenerator(seed: trainer.seed, "order", "\(epoch)")
    order.shuffle(using: &generator)
    let batches = (0..<steps).map { Array(order[($0 * batchSize)..<(($0 + 1) * batchSize)]) }
    let pipeline = BatchPipeline(
      batches, of: set, preprocessing: preprocessing, seed: trainer.seed, epoch: epoch)
    defer { pipeline.stop() }

    if trainer.record != nil {
      epochRecord = EpochRecord(
        epoch: epoch + 1, logits: [Float](repeating: 0, count: set.count * trainer.classes.count),
        importance: trainer.selfCure == nil ? [] : [Float](repeating: 0, count: set.count),
        isSeen: [Bool](repeating: false, count: set.count))
    }
    let clock = ContinuousClock()
    let start = clock.now
    var totals = (loss: 0.0, right: 0, importance: 0.0)
    let firstRate = learningRate(step: epoch * stepsPerEpoch)
    for number in 0..<steps {
      let step = epoch * stepsPerEpoch + number
      guard let batch = try pipeline.nextBatch() else { break }
      _ = network.input.update(fromContentsOf: batch.input[0..<network.input.count])
      pipeline.release()
      optimizer.learningRate = learningRate(step: step)
      let result = try takeStep(batch.indices, step: step)
      guard result.loss.isFinite else { throw TrainingError.diverged(epoch: epoch + 1, step: number + 1) }
      totals.loss += Double(result.loss)
      totals.right += result.right
      totals.importance += result.importance
      try observe(.stepEnded(step: step + 1, of: totalSteps, samples: batchSize))
    }
    let count = Double(steps)
    return EpochMetrics(
      epoch: epoch + 1, learningRate: Double(firstRate), trainLoss: totals.loss / count,
      trainAccuracy: Double(totals.right) / (count * Double(batchSize)), validationLoss: nil, validationAccuracy: nil,
      seconds: (clock.now - start) / .seconds(1),
      relabelled: trainer.selfCure == nil ? nil : state.relabeling.relabelledCount,
      meanImportance: trainer.selfCure == nil ? nil : totals.importance / count)
  }

  private var totalSteps: Int { trainer.recipe.steps > 0 ? trainer.recipe.steps : epochs * stepsPerEpoch }

  private func learningRate(step: Int) -> Float {
    let recipe = trainer.recipe
    let schedule: Schedule =
      switch recipe.schedule {
      case "cosine": .cosine
      case "step": .step(epochs: recipe.stepEpochs, factor: recipe.stepFactor)
      default: .constant
      }
    // A cosine over steps, so that a budget in steps ends at zero as well.
    let position =
      schedule == .cosine
      ? Double(step) / Double(max(1, totalSteps)) * Double(epochs) : Double(step) / Double(stepsPerEpoch)
    return recipe.learningRate * schedule.factor(epoch: position, of: epochs)
  }

  /// One forward and backward pass and one change of the weights.
  private func takeStep(_ batch: [Int], step: Int) throws -> (loss: Float, right: Int, importance: Double) {
    let classes = trainer.classes.count
    try network.forward(dropoutKey: trainer.seed &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(step))
    let logits = network.output("logits")
    let target = batchTargets(batch)
    record(batch, logits: logits)
    var right = 0
    for row in 0..<batch.count {
      let range = (row * classes)..<((row + 1) * classes)
      let predicted = range.max { logits[$0] < logits[$1] }
      let wanted = range.max { target[$0] < target[$1] }
      if predicted == wanted { right += 1 }
    }
    var loss: Float
    var importance = 0.0
    if let selfCure = trainer.selfCure {
      let result = SelfCureLoss(recipe: selfCure, classes: classes)(
        logits: logits, importanceLogits: network.output("importance"), targets: target,
        logitsGradient: network.outputGradient("logits"),
        importanceGradient: network.outputGradient("importance"))
      state.relabeling.observe(
        batch: batch, result: result, classes: classes, epoch: state.epoch + 1, recipe: selfCure)
      loss = result.loss
      importance = Double(result.importance.reduce(0, +)) / Double(batch.count)
    } else {
      loss = SoftmaxCrossEntropy.lossAndGradient(
        logits: logits, targets: target, classes: classes, gradient: network.outputGradient("logits"))
    }
    try network.backward()
    optimizer.step(values: network.parameterValues, gradients: network.parameterGradients)
    network.parametersDidChange()
    return (loss, right, importance)
  }

  private func record(_ batch: [Int], logits: UnsafeMutableBufferPointer<Float>) {
    guard epochRecord != nil else { return }
    let classes = trainer.classes.count
    let importance = trainer.selfCure == nil ? nil : network.output("importance")
    for (row, index) in batch.enumerated() {
      epochRecord?.isSeen[index] = true
      for k in 0..<classes { epochRecord?.logits[index * classes + k] = logits[row * classes + k] }
      if let importance { epochRecord?.importance[index] = 1 / (1 + Float.exponential(-importance[row])) }
    }
  }

  private func batchTargets(_ batch: [Int]) -> [Float] {
    let classes = trainer.classes.count
    var result = SoftmaxCrossEntropy.targets(
      labels: batch.map { state.relabeling.labels[$0] }, classes: classes, smoothing: trainer.recipe.labelSmoothing)
    if let transition = targets.transition { correct(&result, batch, transition) }
    for (row, index) in batch.enumerated() {
      guard let distribution = targets.distributions[index] else { continue }
      for k in 0..<classes { result[row * classes + k] = distribution[k] }
    }
    return result
  }

  /// Replaces labels by what the network and they say together.
  private func correct(_ target: inout [Float], _ batch: [Int], _ transition: [[Float]]) {
    let classes = trainer.classes.count
    let logits = network.output("logits")
    let importance = trainer.selfCure == nil ? nil : network.output("importance")
    for (row, index) in batch.enumerated() {
      let label = state.relabeling.labels[index]
      let scale = importance.map { 1 / (1 + Float.exponential(-$0[row])) } ?? 1
      let values = (0..<classes).map { scale * logits[row * classes + $0] }
      let largest = values.max() ?? 0
      var joint = (0..<classes).map { Float.exponential(values[$0] - largest) * transition[$0][label] }
      let sum = joint.reduce(0, +)
      guard sum > 0, sum.isFinite else { continue }
      joint = joint.map { $0 / sum }
      for k in 0..<classes { target[row * classes + k] = joint[k] }
    }
  }

  /// Counts the epoch as done and keeps its weights if they are the best so far.
  func finishEpoch(_ metrics: EpochMetrics, tensors: [NamedTensor]) {
    state.epoch += 1
    state.history.append(metrics)
    let accuracy = metrics.validationAccuracy ?? Double(state.epoch)
    guard accuracy > state.bestAccuracy else { return }
    state.bestAccuracy = accuracy
    state.bestEpoch = state.epoch
    best = tensors
  }

  /// The trained model.
  func outcome() throws -> TrainingOutcome {
    let tensors = best.isEmpty ? try network.exportTensors() : best
    return TrainingOutcome(
      model: TrainedModel(card: card(epoch: state.bestEpoch), tensors: tensors), history: state.history,
      relabelEpochs: state.relabeling.firstEpoch)
  }

  // MARK: Checkpoints

  /// Writes weights, velocity, best weights and state.
  func save(to url: URL) throws {
    var tensors = prefixed("model.", try network.exportTensors())
    for (name, buffer) in optimizer.stateBuffers {
      tensors += prefixed("\(name).", try network.exportLike(parameters: buffer))
    }
    tensors += prefixed("best.", best)
    let state = String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
    try Safetensors.write(Safetensors.Contents(tensors: tensors, metadata: ["fercure.training": state]), to: url)
  }

  /// Takes up where a checkpoint left off; does nothing if there is none.
  func resume(from url: URL) throws {
    let path = url.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path) else { return }
    let contents = try Safetensors.read(url)
    guard let text = contents.metadata["fercure.training"],
      let saved = try? JSONDecoder().decode(State.self, from: Data(text.utf8))
    else { throw TrainingError.notAModel(path) }
    guard saved.fingerprint == state.fingerprint else { throw TrainingError.otherRecipe(path) }
    try network.importTensors(unprefixed("model.", contents.tensors))
    for (name, buffer) in optimizer.stateBuffers {
      try network.importLike(parameters: buffer, from: unprefixed("\(name).", contents.tensors))
    }
    best = unprefixed("best.", contents.tensors)
    state = saved
    optimizer.stepCount = saved.epoch * stepsPerEpoch
  }

  private func prefixed(_ prefix: String, _ tensors: [NamedTensor]) -> [NamedTensor] {
    tensors.map { NamedTensor(name: prefix + $0.name, shape: $0.shape, values: $0.values) }
  }

  private func unprefixed(_ prefix: String, _ tensors: [NamedTensor]) -> [NamedTensor] {
    tensors.filter { $0.name.hasPrefix(prefix) }
      .map { NamedTensor(name: String($0.name.dropFirst(prefix.count)), shape: $0.shape, values: $0.values) }
  }

  /// A text that differs when recipe, seed, samples or targets do.
  private static func fingerprint(_ trainer: Trainer, set: ImageSet, targets: TrainingTargets) throws -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01b3 }
    for (sample, label) in zip(set.samples, targets.labels) {
      mix(UInt64(bitPattern: sample.id))
      mix(UInt64(bitPattern: Int64(label)))
    }
    for (index, distribution) in targets.distributions.sorted(by: { $0.key < $1.key }) {
      mix(UInt64(index))
      for value in distribution { mix(UInt64(value.bitPattern)) }
    }
    for value in targets.transition?.flatMap({ $0 }) ?? [] { mix(UInt64(value.bitPattern)) }
    let selfCure = try trainer.selfCure.map { try RecipeFile.json($0) } ?? ""
    return "\(trainer.seed) \(hash) \(try RecipeFile.json(trainer.recipe)) \(selfCure)"
  }
}
