internal import Foundation
internal import NeuralNet
internal import Training

/// The training of one fold's network, and its verdicts on the samples it was not trained on.
///
/// Verdicts are kept in the work folder: a finished fold is not trained again, and a killed one goes on at its last epoch.
struct FoldTraining {
  let recipe: AuditRecipe
  let classes: [String]
  let seed: UInt64
  let fold: Int
  let work: URL

  /// What one network says.
  struct Verdicts {
    /// Mean over the last epochs, for each judged sample, [N, C].
    var probabilities: [Float]
    /// Mean importance, for each judged sample.
    var importance: [Float]
    /// First relabel epoch of each sample it was trained on.
    var relabelEpochs: [Int]
    var history: [EpochMetrics]
  }

  /// Trains on `members` and judges `judged`, both positions in `set`.
  func run(
    _ set: ImageSet, labels: [Int], targets: [Int: [Float]], members: [Int], judged: [Int],
    observe: (AuditEvent) throws -> Void
  ) throws -> Verdicts {
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    let judgedSet = set.subset(judged)
    let stepsPerEpoch = members.count / recipe.train.batchSize
    let epochs =
      recipe.train.steps > 0 && stepsPerEpoch > 0
      ? (recipe.train.steps + stepsPerEpoch - 1) / stepsPerEpoch : recipe.train.epochs
    let firstJudging = max(1, epochs - recipe.averagedEpochs + 1)
    var predictor: Predictor?
    let outcome = try withoutActuallyEscaping(observe) { observe in
      let trainer = Trainer(
        recipe: recipe.train, classes: classes, selfCure: recipe.selfCure, seed: seed &+ UInt64(fold) &* 7919,
        checkpoint: work.appending(path: "fold-\(fold).safetensors")
      ) { event in
        switch event {
        case .stepEnded(let step, let total, _):
          try observe(.progress("Fold \(fold + 1) of \(recipe.folds)", done: step, total: total))
        case .epochEnded(let metrics, let epochs, let tensors, let card):
          try observe(
            .epoch(
              fold: fold, of: recipe.folds,
              AuditEvent.EpochSummary(
                epoch: metrics.epoch, epochs: epochs, loss: metrics.trainLoss, accuracy: metrics.trainAccuracy,
                relabelled: metrics.relabelled ?? 0)))
          guard metrics.epoch >= firstJudging else { return }
          let current = try predictor ?? Predictor(TrainedModel(card: card, tensors: tensors))
          predictor = current
          try current.update(tensors)
          try save(try current.predict(judgedSet), epoch: metrics.epoch)
        }
      }
      return try trainer.train(
        set.subset(members),
        targets: TrainingTargets(
          labels: members.map { labels[$0] },
          distributions: Dictionary(
            uniqueKeysWithValues: members.enumerated().compactMap { row, index in targets[index].map { (row, $0) } })))
    }
    return try verdicts(outcome, epochs: firstJudging...max(firstJudging, epochs))
  }

  private func file(_ epoch: Int) -> URL { work.appending(path: "fold-\(fold)-epoch-\(epoch).safetensors") }

  private func save(_ predictions: Predictor.Predictions, epoch: Int) throws {
    let count = predictions.importance.count
    try Safetensors.write(
      Safetensors.Contents(tensors: [
        NamedTensor(name: "probabilities", shape: [count, classes.count], values: predictions.probabilities),
        NamedTensor(name: "importance", shape: [count], values: predictions.importance),
      ]), to: file(epoch))
  }

  private func verdicts(_ outcome: TrainingOutcome, epochs: ClosedRange<Int>) throws -> Verdicts {
    var sums: [String: [Float]] = [:]
    for epoch in epochs {
      for tensor in try Safetensors.read(file(epoch)).tensors {
        let sum = sums[tensor.name] ?? [Float](repeating: 0, count: tensor.values.count)
        sums[tensor.name] = zip(sum, tensor.values).map { $0 + $1 / Float(epochs.count) }
      }
    }
    return Verdicts(
      probabilities: sums["probabilities"] ?? [], importance: sums["importance"] ?? [],
      relabelEpochs: outcome.relabelEpochs, history: outcome.history)
  }
}
