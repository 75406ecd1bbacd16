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
  /// A safetensors file of weights to start from.
  var startsFrom: URL?
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
    if let startsFrom { trainer.startingWeights = try Safetensors.read(startsFrom).tensors }
    trainer.replacesOtherCheckpoints = replacesOtherCheckpoints
    return try trainer.train(
      training.images,
      targets: TrainingTargets(
        labels: training.labels, distributions: try distributions(training.images.samples, of: store, classes: classes)),
      validation: validation.images.count == 0 ? nil : (validation.images, validation.labels))
  }

  /// What several people saw, by position, where the recipe asks for it and it is known.
  private func distributions(_ samples: [Sample], of store: DatasetStore, classes: [String]) throws -> [Int: [Float]] {
    guard recipe.votesAsTargets else { return [:] }
    let votes = try store.votes()
    var result: [Int: [Float]] = [:]
    for (index, sample) in samples.enumerated() {
      // A copy shows the face that its parent shows.
      let voted = sample.encoding == .derived ? try store.derivation(of: sample)?.parent : sample.id
      guard let voted, let known = votes[voted] else { continue }
      result[index] = VoteTruth.distribution(known, classes: classes)
    }
    return result
  }
}
