import ArgumentParser
import Training

/// The networks of an audit that judge what they were not trained on.
struct FoldOptions: ParsableArguments {
  @Option(help: "Networks that each judge a fold they were not trained on.")
  var folds: Int?

  @Option(help: ArgumentHelp("Their architecture, unless votes teach them: then it is --model.", valueName: "name"))
  var foldModel: String?

  @Option(help: ArgumentHelp("Their epochs, where --epochs is no less.", valueName: "n"))
  var foldEpochs: Int?

  func apply(to recipe: inout AuditRecipe) {
    if let folds { recipe.folds = folds }
    if let foldModel { recipe.foldModel = foldModel }
    if let foldEpochs { (recipe.foldEpochs, recipe.fewestSteps) = (foldEpochs, 0) }
  }
}
