public import NeuralNet

/// The loss of one step: the recipe's, or SCN's for self-cure networks.
public struct StepLoss {
  private let loss: any Loss.Type
  private let selfCure: SelfCureLoss?
  private let classes: Int

  /// Creates the loss of a network with `classes` outputs; the importance head is there when `selfCure` is.
  public init(_ recipe: TrainingRecipe, selfCure: SelfCureRecipe?, classes: Int) throws {
    loss = try Losses.named(recipe.loss)
    self.selfCure = selfCure.map { SelfCureLoss(recipe: $0, classes: classes) }
    self.classes = classes
  }

  /// Computes the loss after `forward()` and writes its derivatives by the outputs, for `backward()`.
  @discardableResult
  public func evaluate(_ network: Network, targets: [Float]) -> Float { detailed(network, targets: targets).loss }

  /// The same, with what relabelling needs to know of a self-cure network.
  func detailed(_ network: Network, targets: [Float]) -> (loss: Float, selfCure: SelfCureLoss.Result?) {
    let (logits, gradient) = (network.output("logits"), network.outputGradient("logits"))
    guard let selfCure else {
      let value = loss.lossAndGradient(
        logits: logits, targets: targets, weights: nil, classes: classes, gradient: gradient)
      return (value, nil)
    }
    let result = selfCure(
      logits: logits, importanceLogits: network.output("importance"), targets: targets, logitsGradient: gradient,
      importanceGradient: network.outputGradient("importance"))
    return (result.loss, result)
  }
}
