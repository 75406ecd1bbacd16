import ArgumentParser
import Curation
import Foundation
import Training

/// `fercure train`: a network learns the training split.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains a network on the training split, and keeps the best epoch by validation.",
    discussion: """
      The state is kept beside the model after every epoch (MODEL.training): the same command goes on from there, to \
      exactly the weights of a training that was not stopped. The test split is never looked at.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The model to write, a safetensors file in torchvision's names.", valueName: "model"))
  var to: String

  @Option(
    help: ArgumentHelp(
      "Start from these weights in place of chance: a model, or any safetensors file in torchvision's names.",
      valueName: "file"))
  var startFrom: String?

  @Flag(help: "Train SCN: importance weighting, rank regularization and relabelling within the training.")
  var selfCure = false

  @Option(help: "With --self-cure: who may be relabelled, low-importance (the paper) or any (the published code).")
  var relabelScope: SelfCureRecipe.RelabelScope?

  @Flag(help: "Go on from the state of a stopped training, and fail if that had another recipe or other samples.")
  var resume = false

  @Flag(help: "Train from the start, whatever state there is.")
  var restart = false

  func validate() throws {
    if resume && restart { throw ValidationError("--resume and --restart exclude each other.") }
    if relabelScope != nil && !selfCure { throw ValidationError("--relabel-scope goes with --self-cure.") }
  }

  @OptionGroup(title: "Training") var options: RecipeOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    var recipe = try options.recipe(overriding: \.train)
    // Who trains SCN wants SCN; an audit's networks only note what they would relabel.
    recipe.audit.selfCure.relabels = true
    if let relabelScope { recipe.audit.selfCure.relabelScope = relabelScope }
    let store = try dataset.open()
    let file = try ResultFile(to, besides: [startFrom].compactMap(\.self))
    let state = URL(fileURLWithPath: to + ".training")
    if restart { try? FileManager.default.removeItem(at: state) }
    if resume, !FileManager.default.fileExists(atPath: state.path) {
      common.console.note("there is no state \(state.path) to go on from: the training begins")
    }
    let outcome = try ModelTraining(
      recipe: recipe.train, selfCure: selfCure ? recipe.audit.selfCure : nil, seed: recipe.seed, title: "Training",
      checkpoint: state, startsFrom: startFrom.map { URL(fileURLWithPath: $0) }, replacesOtherCheckpoints: !resume,
      console: common.console
    ).run(store)
    try file.write(outcome.model.encoded())
    let report = Report(
      model: to, bestEpoch: outcome.model.card.epoch, stoppedEarly: outcome.stoppedEarly, recipe: recipe.train,
      epochs: outcome.history)
    try common.print(report, text: report.text)
  }

  /// What a training prints.
  struct Report: Encodable {
    var model: String
    var bestEpoch: Int
    /// True when validation had stopped getting better.
    var stoppedEarly: Bool
    /// The recipe with all overrides.
    var recipe: TrainingRecipe
    var epochs: [EpochMetrics]

    var text: String {
      let best = epochs.first { $0.epoch == bestEpoch }
      let accuracy = best?.validationAccuracy.map { ", validation accuracy \(Numbers.percent($0))" } ?? ""
      let stop = stoppedEarly ? ", stopped early" : ""
      return "\(model)  epoch \(bestEpoch) of \(epochs.count)\(accuracy)\(stop)"
    }
  }
}
