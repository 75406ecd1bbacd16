public import Foundation
public import NeuralNet
internal import Randomness

/// Trains one network: the loop is a plain function, everything else observes its events.
public struct Trainer {
  /// How it is trained.
  public var recipe: TrainingRecipe
  /// The names of the classes, in the order of the outputs.
  public var classes: [String]
  /// SCN's parameters, for a self-cure network; nil trains a plain classifier.
  public var selfCure: SelfCureRecipe?
  /// All chance follows from it.
  public var seed: UInt64
  /// Weights to start from in place of chance, in torchvision's names; empty for none.
  public var startingWeights: [NamedTensor] = []
  /// Where the state is kept after each epoch, so that a killed run goes on; nil keeps none.
  public var checkpoint: URL?
  /// Whether the checkpoint of another recipe is overwritten; otherwise it is an error.
  public var replacesOtherCheckpoints = false
  /// Told about batches and epochs; may throw `CancellationError` to stop.
  public var observe: (TrainingEvent) throws -> Void
  /// Names what observers keep beside a checkpoint and all that it follows from, so that no other's is gone on with.
  public var recordsDependOn = ""
  /// Given what the network said about its training samples while it learned, after each epoch; nil keeps no record.
  public var record: ((EpochRecord) throws -> Void)?

  /// Creates a trainer.
  public init(
    recipe: TrainingRecipe, classes: [String], selfCure: SelfCureRecipe? = nil, seed: UInt64, checkpoint: URL? = nil,
    observe: @escaping (TrainingEvent) throws -> Void = { _ in }
  ) {
    self.recipe = recipe
    self.classes = classes
    self.selfCure = selfCure
    self.seed = seed
    self.checkpoint = checkpoint
    self.observe = observe
  }

  /// Trains from the start, or from the checkpoint if there is one.
  ///
  /// - Parameters:
  ///   - set: the training pictures.
  ///   - targets: what each of them should be.
  ///   - validation: pictures that choose the best epoch; without them it is the last.
  /// - Throws: `TrainingError`, `CancellationError` from the observer, kernel errors.
  public func train(_ set: ImageSet, targets: TrainingTargets, validation: (set: ImageSet, labels: [Int])? = nil) throws
    -> TrainingOutcome
  {
    guard set.count > 0 else { throw TrainingError.noSamples("the training split is empty") }
    let batchSize = recipe.batchSize
    guard set.count >= batchSize else { throw TrainingError.tooFewSamples(count: set.count, batch: batchSize) }
    guard recipe.patience == 0 || validation != nil else {
      throw TrainingError.recipeValue("train.patience", reason: "early stopping needs a validation split")
    }
    guard recipe.mixUp == 0 || selfCure == nil else {
      throw TrainingError.recipeValue(
        "train.mixUp", reason: "a self-cure network judges pictures one by one, not mixed")
    }
    let stepsPerEpoch = set.count / batchSize
    let steps = recipe.steps > 0 ? recipe.steps : recipe.epochs * stepsPerEpoch
    let epochs = (steps + stepsPerEpoch - 1) / stepsPerEpoch

    let session = try TrainingSession(
      self, set: set, targets: targets, validation: validation, steps: steps, stepsPerEpoch: stepsPerEpoch)
    if !startingWeights.isEmpty { try observe(.startedFrom(remarks: session.startingRemarks)) }
    if let checkpoint { try session.resume(from: checkpoint, replacesOthers: replacesOtherCheckpoints) }
    var predictor: Predictor?
    while !session.isFinished {
      var metrics = try session.runEpoch(observe: observe)
      let tensors = try session.modelTensors()
      // The last step's loss was finite; its update need not have been.
      guard tensors.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
        throw TrainingError.diverged(
          epoch: metrics.epoch, step: min(stepsPerEpoch, steps - (metrics.epoch - 1) * stepsPerEpoch))
      }
      if let validation {
        let model = TrainedModel(card: session.card(epoch: metrics.epoch), tensors: tensors)
        let current = try predictor ?? Predictor(model, batch: min(64, max(1, validation.set.count)))
        try current.update(tensors)
        predictor = current
        let predictions = try current.predict(validation.set, views: .one)
        let evaluation = Evaluation(
          probabilities: predictions.probabilities, truth: validation.labels, classes: classes)
        metrics.validationLoss = evaluation.loss
        metrics.validationAccuracy = evaluation.accuracy
      }
      session.finishEpoch(metrics, tensors: tensors)
      if let record, let epochRecord = session.epochRecord { try record(epochRecord) }
      try observe(.epochEnded(metrics, epochs: epochs, tensors: tensors, card: session.card(epoch: metrics.epoch)))
      if let checkpoint { try session.save(to: checkpoint) }
    }
    return try session.outcome()
  }
}

/// What happens while a network trains.
public enum TrainingEvent {
  /// The network was given weights to start from; what of them did not fit.
  case startedFrom(remarks: [String])
  /// A step was taken; both counted from 1 over the whole run.
  case stepEnded(step: Int, of: Int, samples: Int)
  /// An epoch and its validation are over; with the weights it ended on.
  case epochEnded(EpochMetrics, epochs: Int, tensors: [NamedTensor], card: TrainedModel.Card)
}

/// The numbers of one epoch.
public struct EpochMetrics: Codable, Sendable, Equatable {
  /// Counted from 1.
  public var epoch: Int
  /// At the epoch's start.
  public var learningRate: Double
  /// Mean loss of the steps.
  public var trainLoss: Double
  /// Share of training samples that the network predicted as its target, as augmented, while it learned.
  public var trainAccuracy: Double
  /// Mean cross-entropy on the validation pictures.
  public var validationLoss: Double?
  /// Share of the validation pictures predicted right.
  public var validationAccuracy: Double?
  /// Wall-clock time of the steps.
  public var seconds: Double
  /// Training samples whose working label SCN has changed so far.
  public var relabelled: Int?
  /// Mean importance of the epoch's samples.
  public var meanImportance: Double?
}

/// What a network said about its training samples in the steps of one epoch: as augmented, before each step's update.
public struct EpochRecord: Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// [N, C], by position in the training set.
  public var logits: [Float]
  /// SCN's importance weight of each sample; empty for plain classifiers.
  public var importance: [Float]
  /// False for the samples that were left over when the last batch was full.
  public var isSeen: [Bool]
}

/// What training ends with.
public struct TrainingOutcome {
  /// The best network by validation accuracy; the last one without validation pictures.
  public var model: TrainedModel
  /// The numbers of each epoch.
  public var history: [EpochMetrics]
  /// For each training sample the epoch in which SCN first relabelled it, counted from 1; 0 for never.
  public var relabelEpochs: [Int]
  /// True when training ended before its last epoch because validation had stopped getting better.
  public var stoppedEarly: Bool
}

/// What each training sample should be: a label, or a distribution known from votes.
public struct TrainingTargets: Sendable {
  /// The class of each sample.
  public var labels: [Int]
  /// Distributions over the classes that stand in for the label, by position.
  public var distributions: [Int: [Float]]
  /// T[k][y]: how often a sample that is k is labelled y; nil takes labels at their word.
  ///
  /// With it the target of a labelled sample is what network and label say together, p(k) T[k][y] normalised: the
  /// gradient of the forward-corrected loss -log sum_k p(k) T[k][y] (Patrini et al. 2017), so that the network learns
  /// what a face is rather than what it is called.
  public var transition: [[Float]]?

  /// Creates targets.
  public init(labels: [Int], distributions: [Int: [Float]] = [:], transition: [[Float]]? = nil) {
    self.labels = labels
    self.distributions = distributions
    self.transition = transition
  }
}
