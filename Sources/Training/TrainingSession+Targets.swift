internal import NeuralNet

/// What the loss of a batch compares with.
struct BatchTargets {
  /// [N, C], rows weighted as the loss wants them.
  var values: [Float]
  /// The class of each row that counts as right.
  var wanted: [Int]
}

extension TrainingSession {
  /// The targets of a batch whose forward pass is done: labels, smoothed or corrected, voted, mixed and weighted.
  ///
  /// What is corrected is not smoothed: how labels err is known there.
  func batchTargets(_ batch: [Int], mixUp: MixUp?, step: Int) -> BatchTargets {
    let classes = trainer.classes.count
    let labels = batch.map { state.relabeling.labels[$0] }
    var values = SoftmaxCrossEntropy.targets(
      labels: labels, classes: classes, smoothing: trainer.recipe.labelSmoothing)
    if let transition = targets.transition { correct(&values, batch, transition) }
    for (row, index) in batch.enumerated() {
      guard let distribution = targets.distributions[index] else { continue }
      for k in 0..<classes { values[row * classes + k] = distribution[k] }
    }
    var weights = classWeights.map { classWeights in
      batch.indices.map { row in
        guard targets.transition != nil || targets.distributions[batch[row]] != nil else {
          return classWeights[labels[row]]
        }
        return (0..<classes).reduce(Float(0)) { $0 + classWeights[$1] * values[row * classes + $1] }
      }
    }
    if let mixUp {
      values = mixUp.mixed(values)
      weights = weights.map(mixUp.mixed)
    }
    let wanted = batch.indices.map { row in
      (0..<classes).max { values[row * classes + $0] < values[row * classes + $1] } ?? 0
    }
    if let classWeights, let sum = weights?.reduce(0, +), sum > 0 {
      // As PyTorch has it: each class's part of the loss times its weight, over the sum of the samples' weights.
      let scale = Float(batch.count) / sum
      for i in values.indices { values[i] *= classWeights[i % classes] * scale }
    }
    holdToEarlyLearning(&values, batch, step: step)
    return BatchTargets(values: values, wanted: wanted)
  }

  /// Adds early-learning regularization to the targets of labelled samples: votes need none.
  private func holdToEarlyLearning(_ target: inout [Float], _ batch: [Int], step: Int) {
    guard earlyLearning != nil else { return }
    let share = EarlyLearning.rampUp(step: step, length: trainer.recipe.earlyLearningRampUp * Double(totalSteps))
    let classes = trainer.classes.count
    for (row, index) in batch.enumerated() where targets.distributions[index] == nil {
      let range = (row * classes)..<((row + 1) * classes)
      earlyLearning?.regularize(&target[range], sample: index, logits: weighedLogits(row), share: share)
    }
  }

  /// The logits of a row, times its importance in a self-cure network.
  private func weighedLogits(_ row: Int) -> [Float] {
    let classes = trainer.classes.count
    let scale = trainer.selfCure == nil ? 1 : 1 / (1 + Float.exponential(-network.output("importance")[row]))
    let logits = network.output("logits")
    return (0..<classes).map { scale * logits[row * classes + $0] }
  }

  /// Replaces labels by what the network and they say together.
  private func correct(_ target: inout [Float], _ batch: [Int], _ transition: [[Float]]) {
    let classes = trainer.classes.count
    for (row, index) in batch.enumerated() {
      // The given label: how SCN's own relabels err, nobody counted.
      let label = targets.labels[index]
      let values = weighedLogits(row)
      let largest = values.max() ?? 0
      var joint = (0..<classes).map { Float.exponential(values[$0] - largest) * transition[$0][label] }
      let sum = joint.reduce(0, +)
      guard sum > 0, sum.isFinite else { continue }
      joint = joint.map { $0 / sum }
      for k in 0..<classes { target[row * classes + k] = joint[k] }
    }
  }
}
