import ArgumentParser
import Foundation
import NeuralNet
import Training

/// The recipe of a run, and the flags that override it.
struct RecipeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A YAML file over the defaults.", valueName: "file"), completion: .file())
  var recipe: String?

  @Option(help: ArgumentHelp("The network: 'fercure list models' has them all.", valueName: "name"))
  var model: String?

  @Option(help: "The non-linearity.")
  var activation: Activation?

  @Option(help: "The channel attention of each block.")
  var attention: Attention?

  @Option(help: "Passes over the training split.")
  var epochs: Int?

  @Option(help: ArgumentHelp("Rows and columns of the network's input.", valueName: "pixels"))
  var size: Int?

  @Option(help: "Samples in a training step.")
  var batch: Int?

  @Option(help: "float32, bfloat16 or auto.")
  var precision: Precision?

  @Option(help: "Where chance starts: the same seed gives the same result.")
  var seed: UInt64?

  @OptionGroup(title: "Optimization") var optimization: OptimizationOptions

  /// The recipe with the flags applied to one training section.
  func recipe(overriding section: WritableKeyPath<Recipe, TrainingRecipe>) throws -> Recipe {
    var recipe = try self.recipe.map { try RecipeFile.read(URL(fileURLWithPath: $0)) } ?? Recipe()
    if let seed { recipe.seed = seed }
    if let model { recipe[keyPath: section].model = model }
    if let activation { recipe[keyPath: section].activation = activation }
    if let attention { recipe[keyPath: section].attention = attention }
    if let epochs { recipe[keyPath: section].epochs = epochs }
    if section == \.audit.train {
      // What is given is meant for small datasets, too.
      if epochs != nil || optimization.steps != nil { recipe.audit.fewestSteps = 0 }
      if model != nil { recipe.audit.smallModel = "none" }
    }
    if let size { recipe[keyPath: section].size = size }
    if let batch { recipe[keyPath: section].batchSize = batch }
    if let precision { recipe[keyPath: section].precision = precision }
    optimization.apply(to: &recipe[keyPath: section])
    try recipe.validate()
    _ = try Architecture.named(recipe[keyPath: section].model)
    recipe.train = try recipe.train.resolved()
    recipe.audit.train = try recipe.audit.train.resolved()
    return recipe
  }
}
