internal import Curation
internal import Foundation
internal import NeuralNet
internal import Training

/// The training of one network, and what it said: about its own samples while it learned, and about those that were kept
/// from it.
///
/// All of it is written to the work folder as it happens, a file an epoch, so that memory does not grow with the epochs,
/// a finished network is not trained again, and a killed one goes on at its last epoch.
struct NetworkRecording {
  let recipe: AuditRecipe
  let network: AuditNetwork
  let classes: [String]
  let seed: UInt64
  let files: NetworkFiles

  /// What a network is trained on and asked about: positions in the set.
  struct Plan {
    /// Samples that it learns from.
    var members: [Int]
    /// Samples that it never saw.
    var judged: [Int]
    /// What each member should be, in the order of `members`.
    var targets: TrainingTargets
  }

  /// Trains the network, or reads what is left of that, and returns its history and its relabels.
  func run(_ set: ImageSet, _ plan: Plan, observe: (AuditEvent) throws -> Void) throws -> TrainingOutcome {
    if KeptEvidence.isComplete(in: files.folder), !files.hasCheckpoint { throw keptEvidence }
    try files.create()
    let judged = set.subset(plan.judged)
    let members = set.subset(plan.members)
    let isWhole = network.part == .whole
    var predictor: Predictor?
    let outcome = try withoutActuallyEscaping(observe) { observe in
      var trainer = Trainer(
        recipe: network.training, classes: classes, selfCure: network.selfCure,
        seed: seed &+ UInt64(network.number) &* 7919, checkpoint: files.checkpoint
      ) { event in
        switch event {
        case .startedFrom: break
        case .stepEnded(let step, let total, _):
          try observe(.learning(network: network.title, step: step, total: total))
        case .epochEnded(let metrics, let epochs, let tensors, let card):
          try observe(
            .epoch(
              network: network.title,
              AuditEvent.EpochSummary(
                epoch: metrics.epoch, epochs: epochs, loss: metrics.trainLoss, accuracy: metrics.trainAccuracy,
                relabelled: metrics.relabelled ?? 0)))
          guard metrics.epoch > epochs - recipe.averagedEpochs else { return }
          let current =
            try predictor
            ?? Predictor(
              TrainedModel(card: card, tensors: tensors), precision: network.training.precision, exposesFeatures: true)
          predictor = current
          try current.update(tensors)
          let isLast = metrics.epoch == epochs
          // The network of all samples judges those it learned from, and is asked about others for their features alone; a fold's
          // network the other way round.
          if isLast || !isWhole {
            let pass = try look(current, judged, flips: !isWhole, keepsFeatures: isLast)
            try files.write(pass, to: files.judged(metrics.epoch))
          }
          if isLast || isWhole {
            let pass = try look(current, members, flips: isWhole && isLast, keepsFeatures: isLast)
            try files.write(pass, to: files.members(metrics.epoch))
          }
        }
      }
      // What another recipe or other labels left behind is no help to this audit, but to somebody who asked to keep it.
      trainer.replacesOtherCheckpoints = !KeptEvidence.isIn(files.folder)
      trainer.recordsDependOn =
        "judged in the last \(recipe.averagedEpochs) epochs: "
        + judged.samples.map(\.pixelHash).joined(separator: " ")
      trainer.record = { record in
        try files.write(
          EpochRecording(logits: record.logits, importance: record.importance, isSeen: record.isSeen),
          to: files.training(record.epoch))
      }
      do {
        return try trainer.train(members, targets: plan.targets)
      } catch TrainingError.otherRecipe {
        throw keptEvidence
      }
    }
    return outcome
  }

  private var keptEvidence: AuditError { .keptEvidence(files.folder.path(percentEncoded: false)) }

  /// Asks the network about pictures, and with `flips` about their mirror images.
  private func look(_ predictor: Predictor, _ set: ImageSet, flips: Bool, keepsFeatures: Bool) throws -> PassRecording {
    let count = set.count
    var result = PassRecording(
      logits: [Float](repeating: 0, count: count * classes.count),
      flipped: flips ? [Float](repeating: 0, count: count * classes.count) : [],
      importance: [Float](repeating: 0, count: count), features: [],
      likeness: flips && keepsFeatures ? [Float](repeating: 0, count: count) : [])
    let passes: Float = flips ? 2 : 1
    try predictor.forEachPass(set, views: flips ? .flip : .one) { pass in
      let start = pass.rows.lowerBound
      for i in 0..<pass.rows.count * classes.count {
        if pass.isFlipped {
          result.flipped[start * classes.count + i] = pass.logits[i]
        } else {
          result.logits[start * classes.count + i] = pass.logits[i]
        }
      }
      if let importance = pass.importance {
        for row in 0..<pass.rows.count { result.importance[start + row] += sigmoid(importance[row]) / passes }
      }
      guard keepsFeatures, let features = pass.features else { return }
      let length = features.count / predictor.batchSize
      if result.features.isEmpty { result.features = [Float](repeating: 0, count: count * length) }
      for row in 0..<pass.rows.count {
        let own = UnsafeMutableBufferPointer(rebasing: features[(row * length)..<((row + 1) * length)])
        if pass.isFlipped { result.likeness[start + row] = cosine(own, result.features, at: (start + row) * length) }
        for i in 0..<length { result.features[(start + row) * length + i] += own[i] / passes }
      }
    }
    return result
  }

  private func cosine(_ a: UnsafeMutableBufferPointer<Float>, _ b: [Float], at offset: Int) -> Float {
    var (product, aSquare, bSquare): (Float, Float, Float) = (0, 0, 0)
    for i in 0..<a.count {
      product += a[i] * b[offset + i]
      aSquare += a[i] * a[i]
      bSquare += b[offset + i] * b[offset + i]
    }
    return aSquare > 0 && bSquare > 0 ? product / (aSquare * bSquare).squareRoot() : 1
  }
}
