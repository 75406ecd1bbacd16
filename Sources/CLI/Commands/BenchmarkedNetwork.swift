import NeuralNet
import Randomness
import Training

/// A network with random pictures and all that a step of training or inference needs.
final class BenchmarkedNetwork {
  let network: Network
  let optimizer: any Optimizer
  private let trains: Bool
  private let loss: StepLoss
  private let targets: [Float]
  private let statistics: RunningStatistics

  /// Compiles the network; `optimizer` and `selfCure` matter for training alone.
  init(_ options: BenchmarkCommand.Options, trains: Bool, optimizer: String = "sgd", selfCure: Bool = false) throws {
    let classes = 7
    var recipe = TrainingRecipe()
    recipe.optimizer = optimizer
    recipe.baseOptimizer = "sgd"
    let model = try Architecture.named(options.model).model(
      size: options.size, inputChannels: options.channels, classes: classes, activation: options.activation,
      attention: options.attention, hasImportance: selfCure)
    network = try Network(
      model, inputShape: [options.batch, options.channels, options.size, options.size],
      mode: trains ? .training : .inference, gradients: trains ? .parameters : [], precision: options.precision, seed: 1
    )
    var generator = SeededGenerator(seed: 2)
    for i in 0..<network.input.count { network.input[i] = Float(generator.uniform() * 2 - 1) }
    targets = SoftmaxCrossEntropy.targets(labels: (0..<options.batch).map { $0 % classes }, classes: classes)
    self.optimizer = try recipe.makeOptimizer(parameterCount: network.parameterValues.count)
    self.optimizer.learningRate /= 5
    loss = try StepLoss(recipe, selfCure: selfCure ? SelfCureRecipe() : nil, classes: classes)
    statistics = RunningStatistics(of: network)
    self.trains = trains
  }

  /// Takes one step, as a training does.
  func takeStep() throws {
    try network.forward()
    guard trains else { return }
    loss.evaluate(network, targets: targets)
    try network.backward()
    try updateWeights()
    network.parametersDidChange()
  }

  /// The optimizer's part of a step.
  func updateWeights() throws {
    try optimizer.step(values: network.parameterValues, gradients: network.parameterGradients) {
      network.parametersDidChange()
      try statistics.kept { try network.forward() }
      loss.evaluate(network, targets: targets)
      try network.backward()
    }
  }
}
