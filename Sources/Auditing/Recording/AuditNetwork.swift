public import Curation
public import Training

/// One of an audit's networks: what it learns from, and how.
public struct AuditNetwork: Sendable {
  /// What it learns from.
  let part: TrainingPart
  /// How it is trained.
  public let training: TrainingRecipe
  /// SCN's parameters; nil for a plain classifier.
  let selfCure: SelfCureRecipe?
  /// Its place among the audit's networks.
  let number: Int

  /// The networks of an audit in the order of their training.
  ///
  /// What a network was shown of a sample it cannot judge. A label it can: held to early learning, it does not come to believe a
  /// wrong one. So unless votes teach networks, the large one learns from all samples, and smaller ones, which learn from all but a
  /// fold, judge that out of sample. Where votes teach them, large networks learn from all but a fold.
  ///
  /// SCN's importance is asked of networks that have not seen a sample. The one of all samples goes without: what it learns is not
  /// scaled by an importance, and it judges labels the better for that.
  public static func all(of recipe: AuditRecipe, taughtByVotes: Bool) -> [AuditNetwork] {
    let folds = (0..<recipe.folds).map(TrainingPart.without)
    let fold = recipe.foldTraining(model: taughtByVotes ? recipe.train.model : recipe.foldModel)
    let whole = taughtByVotes ? [] : [AuditNetwork(part: .whole, training: recipe.train, selfCure: nil, number: 0)]
    return whole
      + folds.enumerated().map {
        AuditNetwork(part: $1, training: fold, selfCure: recipe.selfCure, number: whole.count + $0)
      }
  }

  /// What it is called in progress and reports.
  public var title: String {
    switch part {
    case .whole: "all samples"
    case .without(let fold): "fold \(fold + 1)"
    }
  }
}

extension AuditRecipe {
  /// For how long the network that judges most learns: that of all samples, or, where votes teach networks, that of a fold.
  public struct Length: Sendable, Equatable {
    /// Passes over what it learns from.
    public var epochs: Int
    /// Training steps in each.
    public var stepsPerEpoch: Int
    /// Training steps, where they are given in place of epochs; otherwise 0.
    var fixedSteps: Int
    /// All training steps.
    public var steps: Int { fixedSteps > 0 ? fixedSteps : epochs * stepsPerEpoch }
  }

  /// Epochs of small datasets are raised to so many times as many at most: each of them is recorded, however short.
  static let mostLengthening = 20.0
  /// Fewer training samples than this are learned by heart by a network that is right for more.
  static let fewSamples = 3000

  /// For how long the network that judges most learns.
  public func length(training: Int, taughtByVotes: Bool) -> Length {
    let members = taughtByVotes ? training * (folds - 1) / folds : training
    let judge = AuditNetwork.all(of: self, taughtByVotes: taughtByVotes)[0].training
    return Length(
      epochs: judge.epochs, stepsPerEpoch: max(1, members / train.batchSize), fixedSteps: judge.steps)
  }

  /// The recipe with so much more epochs, of all networks, that the one which judges most learns for `fewestSteps`.
  ///
  /// Epochs are few steps where there are few samples, and a network that has learned little calls most labels wrong. A large one
  /// learns fewer than `fewSamples` by heart, wrong labels and all: without votes a small one judges there, with more dropout
  /// and held to early learning later, and those of the folds, the second witnesses, learn for as many epochs, which takes little time.
  ///
  /// - Parameters:
  ///   - training: labelled training samples.
  ///   - taughtByVotes: whether votes teach networks: then the large ones learn from all but a fold.
  public func lengthened(training: Int, taughtByVotes: Bool) -> AuditRecipe {
    var result = self
    (result.fewestSteps, result.smallModel) = (0, "none")
    (result.smallDropout, result.smallRampUp) = (train.dropout, train.earlyLearningRampUp)
    let length = length(training: training, taughtByVotes: taughtByVotes)
    guard length.fixedSteps == 0 else { return result }
    let factor = min(Self.mostLengthening, Double(fewestSteps) / Double(length.steps))
    guard factor > 1 else { return result }
    func longer(_ epochs: Int, by factor: Double) -> Int { Int((Double(epochs) * factor).rounded(.up)) }
    result.train.epochs = longer(train.epochs, by: factor)
    result.foldEpochs = longer(foldEpochs, by: factor)
    if !taughtByVotes, training < Self.fewSamples {
      result.foldEpochs = max(result.foldEpochs, result.train.epochs)
      if smallModel != "none" { result.train.model = smallModel }
      (result.train.dropout, result.smallDropout) = (smallDropout, smallDropout)
      (result.train.earlyLearningRampUp, result.smallRampUp) = (smallRampUp, smallRampUp)
    }
    // Whatever is counted in epochs comes after the same share of the training; SCN is learned by the folds' networks.
    result.train.stepEpochs = train.stepEpochs.map { longer($0, by: factor) }
    result.train.warmupEpochs *= factor
    let foldFactor = Double(result.foldEpochs) / Double(max(1, foldTraining(model: foldModel).epochs))
    result.selfCure.relabelFrom = longer(selfCure.relabelFrom - 1, by: foldFactor) + 1
    return result
  }

  /// The recipe with as many epochs as a dataset calls for, of which these votes are known.
  public func lengthened(for source: some SampleSource, votes: [Int64: Votes]) throws -> AuditRecipe {
    let (training, taught) = try schooling(source, votes: votes)
    return lengthened(training: training, taughtByVotes: taught)
  }

  /// What decides for how long networks learn: the labelled training samples, and whether votes teach networks.
  public func schooling(_ source: some SampleSource, votes: [Int64: Votes]) throws -> (
    training: Int, taughtByVotes: Bool
  ) {
    let samples = try AuditSamples.of(source)
    return (
      samples.count { $0.split == .train },
      ShownVotes.teach(votes, samples: samples, classes: try source.classes(), recipe: self)
    )
  }
}

/// What a network learns from.
enum TrainingPart: Equatable {
  /// The whole training split: what this network says of it is the main evidence.
  case whole
  /// All but one fold, whose samples it judges unseen.
  case without(fold: Int)

  /// What its files are called by.
  var fileName: String {
    switch self {
    case .whole: "whole"
    case .without(let fold): "fold-\(fold)"
    }
  }

  /// True where it learns from a training sample that `fold` holds out.
  func learns(from fold: Int?) -> Bool { self != fold.map { .without(fold: $0) } }

  /// True for samples that it judges unseen: those of its fold, and those that are in none.
  func judges(heldOutBy fold: Int?) -> Bool { self != .whole && fold.map { self == .without(fold: $0) } ?? true }
}
