internal import NeuralNet

extension TrainingRecipe {
  /// More than any training needs, and little enough for any product of two of them.
  private static let most = 1_000_000

  /// Refuses values that no training could use; `path` names the section in errors.
  public func validate(_ path: String) throws {
    func require(_ condition: Bool, _ key: String, _ reason: String) throws {
      guard condition else { throw TrainingError.recipeValue("\(path).\(key)", reason: reason) }
    }
    func requireName(_ key: String, _ lookUp: () throws -> Void) throws {
      do { try lookUp() } catch { throw TrainingError.recipeValue("\(path).\(key)", reason: "\(error)") }
    }
    try require((1...Self.most).contains(epochs), "epochs", "between 1 and a million")
    try require((0...1000 * Self.most).contains(steps), "steps", "0, which counts epochs, or up to a billion")
    try require(
      (2...Self.most).contains(batchSize), "batchSize", "at least 2, as batch norm needs, and at most a million")
    try require(channels == 1 || channels == 3, "channels", "1 (gray) or 3 (colour)")
    try require((24...512).contains(size), "size", "between 24 and 512 pixels")
    try requireName("model") { _ = try architecture() }
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
    try require(precision != .int8, "precision", "float32, bfloat16 or auto: 8-bit networks only predict")
    try require(stepFactor > 0, "stepFactor", "above 0")
    try require(plateauPatience >= 0, "plateauPatience", "at least 0")
    try require((0...Double(Self.most)).contains(warmupEpochs), "warmupEpochs", "between 0 and a million")
    try require(stepEpochs.allSatisfy((0...Self.most).contains), "stepEpochs", "each between 0 and a million")
    try require(
      warmupEpochs == 0 || schedule != "one-cycle", "warmupEpochs", "one-cycle begins with a warm-up of its own")
    try require(mixUp >= 0, "mixUp", "at least 0, which mixes none")
    try require((0...1000).contains(earlyLearning), "earlyLearning", "at least 0, which is none, and at most 1000")
    try require((0..<1).contains(earlyLearningMomentum), "earlyLearningMomentum", "at least 0 and below 1")
    try require((0...1).contains(earlyLearningRampUp), "earlyLearningRampUp", "between 0 and 1")
    try require(
      earlyLearning == 0 || mixUp == 0, "earlyLearning", "remembers pictures one by one, not mixed: mixUp must be 0")
    try require((0..<1).contains(averageDecay), "averageDecay", "at least 0, which keeps none, and below 1")
    try require(patience >= 0, "patience", "at least 0, which never stops early")
  }
}
