public import NeuralNet

extension TrainingRecipe {
  /// The network that the recipe trains.
  ///
  /// - Throws: `NeuralNetError` when there is no such architecture, or when pictures are too small for it.
  public func network(
    inputChannels: Int, classes: Int, hasImportance: Bool, seed: UInt64
  ) throws -> Network {
    let model = try architecture().model(
      size: size, inputChannels: inputChannels, classes: classes, activation: activation, attention: attention,
      dropout: dropout, hasImportance: hasImportance)
    return try Network(
      model, inputShape: [batchSize, inputChannels, size, size], mode: .training, gradients: .parameters,
      precision: precision, seed: seed)
  }

  /// The architecture, if it takes pictures of the recipe's size.
  @discardableResult
  public func architecture() throws -> Architecture {
    let architecture = try Architecture.named(model)
    guard size >= architecture.minimumSize else {
      throw NeuralNetError.inputTooSmall(
        architecture: architecture.name, size: size, minimum: architecture.minimumSize)
    }
    return architecture
  }
}
