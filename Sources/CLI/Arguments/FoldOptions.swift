import ArgumentParser
import NeuralNet
import Training

/// The networks of an audit that judge what they were not trained on.
struct FoldOptions: ParsableArguments {
  @Option(help: "Networks that each judge a fold they were not trained on.")
  var folds: Int?

  @Option(help: ArgumentHelp("Their architecture; --model is that of the network of all samples.", valueName: "name"))
  var foldModel: String?

  @Option(help: ArgumentHelp("Their epochs, where --epochs is no less.", valueName: "n"))
  var foldEpochs: Int?

  func apply(to recipe: inout AuditRecipe) throws {
    if let folds { recipe.folds = folds }
    if let foldModel { recipe.foldModel = foldModel }
    if let foldEpochs { recipe.foldEpochs = foldEpochs }
    _ = try Architecture.named(recipe.foldModel)
  }
}
