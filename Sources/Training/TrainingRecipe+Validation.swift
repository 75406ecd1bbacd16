internal import NeuralNet

extension TrainingRecipe {
  /// Refuses values that no training could use; `path` names the section in errors.
  public func validate(_ path: String) throws {
    func require(_ condition: Bool, _ key: String, _ reason: String) throws {
      guard condition else { throw TrainingError.recipeValue("\(path).\(key)", reason: reason) }
    }
    func requireName(_ key: String, _ lookUp: () throws -> Void) throws {
      do { try lookUp() } catch { throw TrainingError.recipeValue("\(path).\(key)", reason: "\(error)") }
    }
    try require(epochs >= 1, "epochs", "at least 1")
    try require(steps >= 0, "steps", "at least 0, which counts epochs")
    try require(batchSize >= 2, "batchSize", "at least 2: batch norm needs more than one sample")
    try require(channels == 1 || channels == 3, "channels", "1 (gray) or 3 (colour)")
    try require((24...512).contains(size), "size", "between 24 and 512 pixels")
    try requireName("optimizer") { _ = try OptimizerKind.named(optimizer) }
    try requireName("baseOptimizer") { _ = try OptimizerKind.base(named: baseOptimizer) }
    try requireName("schedule") { _ = try learningRateSchedule() }
    try requireName("loss") { _ = try Losses.named(loss) }
    try requireName("classWeights") { _ = try ClassWeighting.named(classWeights) }
    try require(learningRate >= 0, "learningRate", "above 0, or 0 for the optimizer's own")
    try require(radius >= 0, "radius", "above 0, or 0 for the optimizer's own")
    try require((0..<1).contains(momentum), "momentum", "at least 0 and below 1")
    try require(weightDecay >= 0, "weightDecay", "at least 0")
    try require((0..<1).contains(dropout), "dropout", "at least 0 and below 1")
    try require((0..<1).contains(labelSmoothing), "labelSmoothing", "at least 0 and below 1")
    try require(stepFactor > 0, "stepFactor", "above 0")
    try require(plateauPatience >= 0, "plateauPatience", "at least 0")
    try require(warmupEpochs >= 0, "warmupEpochs", "at least 0")
    try require(
      warmupEpochs == 0 || schedule != "one-cycle", "warmupEpochs", "one-cycle begins with a warm-up of its own")
    try require(mixUp >= 0, "mixUp", "at least 0, which mixes none")
    try require((0..<1).contains(averageDecay), "averageDecay", "at least 0, which keeps none, and below 1")
    try require(patience >= 0, "patience", "at least 0, which never stops early")
  }
}
