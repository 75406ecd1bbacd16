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
  /// The recipe with so much more epochs, of all networks, that the one which judges most learns for `fewestSteps`.
  ///
  /// Epochs are few steps where there are few samples, and a network that has learned little calls most labels wrong.
  ///
  /// - Parameters:
  ///   - training: labelled training samples.
  ///   - taughtByVotes: whether votes teach networks: then the large ones learn from all but a fold.
  func lengthened(training: Int, taughtByVotes: Bool) -> AuditRecipe {
    var result = self
    result.fewestSteps = 0
    guard fewestSteps > 0, train.steps == 0, let judge = AuditNetwork.all(of: self, taughtByVotes: taughtByVotes).first
    else { return result }
    let members = taughtByVotes ? training * (folds - 1) / folds : training
    let factor = Double(fewestSteps) / Double(judge.training.epochs * max(1, members / train.batchSize))
    guard factor > 1 else { return result }
    func longer(_ epochs: Int) -> Int { Int((Double(epochs) * factor).rounded(.up)) }
    (result.train.epochs, result.foldEpochs) = (longer(train.epochs), longer(foldEpochs))
    // Relabelling begins after the same share of the training.
    result.selfCure.relabelFrom = longer(selfCure.relabelFrom - 1) + 1
    return result
  }

  /// The recipe with as many epochs as a dataset calls for, of which these votes are known.
  public func lengthened(for source: some SampleSource, votes: [Int64: Votes]) throws -> AuditRecipe {
    let samples = try AuditSamples.of(source)
    return lengthened(
      training: samples.count { $0.split == .train },
      taughtByVotes: ShownVotes.teach(votes, samples: samples, classes: try source.classes(), recipe: self))
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
