import Auditing
import Curation
import Foundation
import Training

/// Trains one network on the training split of a dataset, choosing the epoch on its validation split.
struct ModelTraining {
  var recipe: TrainingRecipe
  var selfCure: SelfCureRecipe?
  var seed: UInt64
  var title: String
  var checkpoint: URL?
  /// Whether the checkpoint of another recipe is overwritten.
  var replacesOtherCheckpoints = false
  var console: Console

  /// Loads the splits and trains; `validation` replaces the dataset's own validation split.
  func run(_ store: DatasetStore, validation: LabelledSet? = nil) throws -> TrainingOutcome {
    let training = try LabelledSet(.train, of: store, channels: recipe.channels, size: recipe.size, console: console)
    let validation =
      try validation
      ?? LabelledSet(.validation, of: store, channels: recipe.channels, size: recipe.size, console: console)
    let progress = TrainingProgress(title, console: console)
    let classes = try store.classes()
    var trainer = Trainer(
      recipe: recipe, classes: classes, selfCure: selfCure, seed: seed, checkpoint: checkpoint,
      observe: progress.observe)
    trainer.replacesOtherCheckpoints = replacesOtherCheckpoints
    let votes = recipe.votesAsTargets ? try store.votes() : [:]
    let distributions = training.images.samples.enumerated().compactMap { index, sample in
      votes[sample.id].flatMap { VoteTruth.distribution($0, classes: classes) }.map { (index, $0) }
    }
    return try trainer.train(
      training.images,
      targets: TrainingTargets(
        labels: training.labels, distributions: Dictionary(uniqueKeysWithValues: distributions)),
      validation: validation.images.count == 0 ? nil : (validation.images, validation.labels))
  }
}
