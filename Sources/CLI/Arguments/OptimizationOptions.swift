import ArgumentParser
import Training

/// The flags that override how a recipe's network learns.
struct OptimizationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Who changes the weights: 'fercure list optimizers' has them all.", valueName: "name"))
  var optimizer: String?

  @Option(help: ArgumentHelp("Who takes the step of sam and asam.", valueName: "name"))
  var baseOptimizer: String?

  @Option(help: "How far away sam and asam look for the worst loss.")
  var radius: Float?

  @Option(help: "The learning rate that the schedule works on.")
  var learningRate: Float?

  @Option(help: "The decay of all parameters.")
  var weightDecay: Float?

  @Option(
    help: ArgumentHelp("How the learning rate changes: 'fercure list schedules' has them all.", valueName: "name"))
  var schedule: String?

  @Option(help: ArgumentHelp("Epochs in which the learning rate first rises.", valueName: "epochs"))
  var warmup: Double?

  @Option(help: ArgumentHelp("Training steps in place of epochs.", valueName: "count"))
  var steps: Int?

  @Option(help: ArgumentHelp("What is made small: 'fercure list losses' has them all.", valueName: "name"))
  var loss: String?

  @Option(help: ArgumentHelp("Share of each target spread over all classes.", valueName: "share"))
  var labelSmoothing: Float?

  @Option(help: ArgumentHelp("What rare classes count for: none, inverse or effective-number.", valueName: "name"))
  var classWeights: String?

  @Flag(help: "Known votes of several annotators replace labels as targets.")
  var votesAsTargets = false

  @Option(help: ArgumentHelp("Mix pictures and targets in pairs, by Beta(alpha, alpha).", valueName: "alpha"))
  var mixUp: Float?

  @Option(
    help: ArgumentHelp(
      "Hold the network to what it said before it believed wrong labels, such as 3.", valueName: "lambda"))
  var earlyLearning: Float?

  @Option(help: ArgumentHelp("Keep a moving average of the weights, such as 0.999, as the model.", valueName: "decay"))
  var averageDecay: Float?

  @Option(help: ArgumentHelp("Stop after so many epochs without a better validation accuracy.", valueName: "epochs"))
  var patience: Int?

  /// Writes what was given into a training section.
  func apply(to recipe: inout TrainingRecipe) {
    func set<Value>(_ path: WritableKeyPath<TrainingRecipe, Value>, _ value: Value?) {
      if let value { recipe[keyPath: path] = value }
    }
    set(\.optimizer, optimizer)
    set(\.baseOptimizer, baseOptimizer)
    set(\.radius, radius)
    set(\.learningRate, learningRate)
    set(\.weightDecay, weightDecay)
    set(\.schedule, schedule)
    set(\.warmupEpochs, warmup)
    set(\.steps, steps)
    set(\.loss, loss)
    set(\.labelSmoothing, labelSmoothing)
    set(\.classWeights, classWeights)
    set(\.votesAsTargets, votesAsTargets ? true : nil)
    set(\.mixUp, mixUp)
    set(\.earlyLearning, earlyLearning)
    set(\.averageDecay, averageDecay)
    set(\.patience, patience)
  }
}
