internal import Curation
internal import Training

/// Adds up the recordings of all networks.
struct Gathering {
  private let samples: [Sample]
  private let classes: [String]
  private let labels: [Int]
  private let folds: Folds
  private let votes: [Int64: Votes]
  private let recipe: AuditRecipe
  /// Whether one of the networks learns from all samples.
  private let hasWhole: Bool
  /// Labels made wrong, by position, and the network that was told them.
  private let injected: [Int: (label: Int, teller: TrainingPart)]
  private var probabilities: [Double]
  private var importance: [Double]
  private var instability: [Double]
  private var divergence: [Double]
  private var likeness: [Double]
  private var neighbours: [Double]
  private var isolation: [Double]
  private var features: [Float] = []
  private var hasFeatures: [Bool]
  private var judges: [Int]
  private var dynamics: Dynamics
  private var injections: [Injection] = []

  init(
    samples: [Sample], classes: [String], labels: [Int], folds: Folds, votes: [Int64: Votes], recipe: AuditRecipe,
    hasWhole: Bool, injected: [Int: (label: Int, teller: TrainingPart)]
  ) {
    self.samples = samples
    self.classes = classes
    self.labels = labels
    self.folds = folds
    self.votes = votes
    self.recipe = recipe
    self.hasWhole = hasWhole
    self.injected = injected
    let zeros = [Double](repeating: 0, count: samples.count)
    (importance, instability, divergence, likeness, isolation) = (zeros, zeros, zeros, zeros, zeros)
    probabilities = [Double](repeating: 0, count: samples.count * classes.count)
    neighbours = probabilities
    hasFeatures = [Bool](repeating: false, count: samples.count)
    judges = [Int](repeating: 0, count: samples.count)
    dynamics = Dynamics(count: samples.count, classes: classes.count)
  }

  /// True for samples that a network is asked about without having learned from them: those that it judges, and by the network of
  /// all samples the others, for their features.
  func isAsked(_ part: TrainingPart, about index: Int) -> Bool {
    part == .whole ? samples[index].split != .train : part.judges(heldOutBy: folds.heldOutBy[index])
  }

  /// Adds one network.
  ///
  /// What was seen while it learned counts of the network of all samples, or of all where there is none; about samples whose
  /// label that was told wrong, of the others. What SCN says counts of all that have its head.
  mutating func add(_ recording: NetworkRecording, _ plan: NetworkRecording.Plan, outcome: TrainingOutcome) throws {
    let (part, files) = (recording.files.part, recording.files)
    let epochs = outcome.history.count
    let last = max(1, epochs - recipe.averagedEpochs + 1)...max(1, epochs)
    var accumulator = DynamicsAccumulator(labels: plan.targets.labels, classes: classes.count, epochs: epochs)
    for epoch in 1...max(1, epochs) { accumulator.add(try files.readTraining(epoch), epoch: epoch) }
    let looks = try (part == .whole ? last : last.upperBound...last.upperBound).map {
      try files.readPass(files.members($0))
    }
    let seen = accumulator.finished(looks: looks, relabelEpochs: outcome.relabelEpochs)
    for (row, index) in plan.members.enumerated() {
      if let injected = injected[index], injected.teller == part {
        injections.append(
          Injection(
            index: index, label: injected.label, dynamics: seen.row(row, classes: classes.count)))
      } else if !hasWhole || part == .whole || injected[index] != nil {
        dynamics.add(seen, row: row, to: index, classes: classes.count)
      } else {
        dynamics.addSelfCure(seen, row: row, to: index)
      }
    }
    let lastLook = looks[looks.count - 1]
    if part == .whole {
      addFeatures([(plan.members, lastLook), (plan.judged, try files.readPass(files.judged(last.upperBound)))])
    } else {
      try addJudged(plan, files: files, epochs: last, members: lastLook)
    }
  }

  private mutating func addJudged(
    _ plan: NetworkRecording.Plan, files: NetworkFiles, epochs: ClosedRange<Int>, members: PassRecording
  ) throws {
    let count = classes.count
    let share = 1 / Double(epochs.count)
    var (plain, mirrored) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    let none = [Double](repeating: 0, count: plan.judged.count)
    var (sum, squares) = (none, none)
    for epoch in epochs {
      let pass = try files.readPass(files.judged(epoch))
      for (row, index) in plan.judged.enumerated() {
        pass.logits.withUnsafeBufferPointer { logits in
          if let base = logits.baseAddress { softmax(base + row * count, count, into: &plain) }
        }
        pass.flipped.withUnsafeBufferPointer { logits in
          if let base = logits.baseAddress { softmax(base + row * count, count, into: &mirrored) }
        }
        for k in 0..<count { probabilities[index * count + k] += (plain[k] + mirrored[k]) / 2 * share }
        importance[index] += Double(pass.importance[row]) * share
        divergence[index] += jensenShannon(plain, mirrored) * share
        let given = (plain[labels[index]] + mirrored[labels[index]]) / 2
        sum[row] += given
        squares[row] += given * given
      }
      guard epoch == epochs.upperBound else { continue }
      let length = pass.features.count / max(1, plan.judged.count)
      addFeatures([(plan.judged, pass)])
      let nearest = NearestLabels(
        features: members.features, labels: plan.members.map { labels[$0] },
        distributions: plan.targets.distributions, length: length, classes: count, neighbours: recipe.neighbours
      ).answer(pass.features)
      for (row, index) in plan.judged.enumerated() {
        likeness[index] += Double(pass.likeness[row])
        for k in 0..<count { neighbours[index * count + k] += nearest.shares[row * count + k] }
        isolation[index] += 1 - nearest.likeness[row]
      }
    }
    for (row, index) in plan.judged.enumerated() {
      let mean = sum[row] * share
      instability[index] += max(0, squares[row] * share - mean * mean).squareRoot()
      judges[index] += 1
    }
  }

  /// Adds the features of samples that a network looked at.
  ///
  /// Of several networks the first one's count: theirs have no common axes, and those of the network of all samples, which
  /// comes first, are of all of them.
  private mutating func addFeatures(_ passes: [(indices: [Int], pass: PassRecording)]) {
    for (indices, pass) in passes where !pass.features.isEmpty {
      let length = pass.features.count / indices.count
      if features.isEmpty { features = [Float](repeating: 0, count: samples.count * length) }
      guard features.count == samples.count * length else { continue }
      for (row, index) in indices.enumerated() where !hasFeatures[index] {
        hasFeatures[index] = true
        for i in 0..<length { features[index * length + i] = pass.features[row * length + i] }
      }
    }
  }

  /// In bits: 0 for equal distributions, 1 for distributions that share nothing.
  private func jensenShannon(_ a: [Double], _ b: [Double]) -> Double {
    var result = 0.0
    for (x, y) in zip(a, b) {
      let middle = (x + y) / 2
      if x > 0 { result += x * (safeLog(x) - safeLog(middle)) / 2 }
      if y > 0 { result += y * (safeLog(y) - safeLog(middle)) / 2 }
    }
    return max(0, result) / 0.693_147_180_559_945_3
  }

  /// The means over the networks that judged each sample.
  func evidence() -> Evidence {
    let count = classes.count
    var result = Evidence(
      samples: samples, classes: classes, labels: labels, heldOutBy: folds.heldOutBy, probabilities: probabilities)
    for index in samples.indices {
      if let known = votes[samples[index].id] { result.votes[index] = known }
      let sum = (0..<count).reduce(0.0) { $0 + probabilities[index * count + $1] }
      for k in 0..<count where sum > 0 { result.probabilities[index * count + k] /= sum }
    }
    func mean(_ values: [Double]) -> [Double] { zip(values, judges).map { $0 / Double(max(1, $1)) } }
    result.importance = mean(importance)
    result.instability = mean(instability)
    result.flipDivergence = mean(divergence)
    result.flipLikeness = mean(likeness)
    result.neighbours = neighbours.enumerated().map { $1 / Double(max(1, judges[$0 / count])) }
    result.isolation = mean(isolation)
    result.features = features
    result.injections = injections
    var dynamics = dynamics
    dynamics.divide(classes: count)
    result.dynamics = dynamics
    return result
  }
}
