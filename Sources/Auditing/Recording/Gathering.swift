internal import Curation
internal import Training

/// Adds up the recordings of all folds.
struct Gathering {
  private let samples: [Sample]
  private let classes: [String]
  private let labels: [Int]
  private let folds: Folds
  private let votes: [Int64: Votes]
  private let recipe: AuditRecipe
  /// Nil where too few votes say that there is no face.
  private let traits: PictureTraits?
  private var probabilities: [Double]
  private var importance: [Double]
  private var instability: [Double]
  private var divergence: [Double]
  private var likeness: [Double]
  private var neighbours: [Double]
  private var isolation: [Double]
  private var notAFace: [Double]
  private var knowsFaces = true
  private var features: [Float] = []
  private var judges: [Int]
  private var dynamics: Dynamics
  private var injections: [Injection] = []

  init(
    samples: [Sample], classes: [String], labels: [Int], folds: Folds, votes: [Int64: Votes], recipe: AuditRecipe,
    traits: PictureTraits?
  ) {
    self.samples = samples
    self.classes = classes
    self.labels = labels
    self.folds = folds
    self.votes = votes
    self.recipe = recipe
    self.traits = traits
    let zeros = [Double](repeating: 0, count: samples.count)
    (importance, instability, divergence, likeness) = (zeros, zeros, zeros, zeros)
    (isolation, notAFace) = (zeros, zeros)
    probabilities = [Double](repeating: 0, count: samples.count * classes.count)
    neighbours = probabilities
    judges = [Int](repeating: 0, count: samples.count)
    dynamics = Dynamics(count: samples.count, classes: classes.count)
  }

  /// Adds one fold.
  mutating func add(
    _ recording: FoldRecording, _ plan: FoldRecording.Plan, outcome: TrainingOutcome, injected: [Int: Int]
  ) throws {
    let epochs = outcome.history.count
    let members = try recording.files.readPass(recording.files.members)
    var accumulator = DynamicsAccumulator(labels: plan.targets.labels, classes: classes.count, epochs: epochs)
    for epoch in 1...max(1, epochs) {
      accumulator.add(try recording.files.readTraining(epoch), epoch: epoch)
    }
    let seen = accumulator.finished(final: members, relabelEpochs: outcome.relabelEpochs)
    for (row, index) in plan.members.enumerated() {
      if let label = injected[index] {
        injections.append(Injection(index: index, label: label, dynamics: seen.row(row, classes: classes.count)))
      } else {
        dynamics.add(seen, row: row, to: index, classes: classes.count)
      }
    }
    let judged = max(1, epochs - recipe.averagedEpochs + 1)...max(1, epochs)
    try addJudged(plan.judged, files: recording.files, epochs: judged, members: members, plan)
  }

  private mutating func addJudged(
    _ judged: [Int], files: FoldFiles, epochs: ClosedRange<Int>, members: PassRecording, _ plan: FoldRecording.Plan
  ) throws {
    let count = classes.count
    let share = 1 / Double(epochs.count)
    var (plain, mirrored) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    var (sum, squares) = ([Double](repeating: 0, count: judged.count), [Double](repeating: 0, count: judged.count))
    for epoch in epochs {
      let pass = try files.readPass(files.judged(epoch))
      for (row, index) in judged.enumerated() {
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
      let length = pass.features.count / max(1, judged.count)
      if features.isEmpty { features = [Float](repeating: 0, count: samples.count * length) }
      let nearest = NearestLabels(
        features: members.features, labels: plan.members.map { labels[$0] },
        distributions: plan.targets.distributions, length: length, classes: count, neighbours: recipe.neighbours
      ).answer(pass.features)
      let faceless = facelessness(plan)
      if faceless == nil { knowsFaces = false }
      for (row, index) in judged.enumerated() {
        likeness[index] += Double(pass.likeness[row])
        for k in 0..<count { neighbours[index * count + k] += nearest.shares[row * count + k] }
        isolation[index] += 1 - nearest.likeness[row]
        notAFace[index] += faceless?[row] ?? 0
        // Of a sample that no network saw, the first network's features count: those of several have no common axes.
        guard judges[index] == 0 else { continue }
        for i in 0..<length { features[index * length + i] = pass.features[row * length + i] }
      }
    }
    for (row, index) in judged.enumerated() {
      let mean = sum[row] * share
      instability[index] += max(0, squares[row] * share - mean * mean).squareRoot()
      judges[index] += 1
    }
  }

  /// The probability that there is no face, for each judged sample, learned from the votes on this fold's members; nil
  /// when too few of them say so.
  private func facelessness(_ plan: FoldRecording.Plan) -> [Double]? {
    guard let traits else { return nil }
    let known = plan.members.compactMap { index in
      votes[samples[index].id].map { (row: index, isPositive: VoteTruth.isNotAFace($0)) }
    }
    guard known.count(where: { $0.isPositive }) >= FacelessModel.fewestExamples else { return nil }
    let model = FacelessModel(traits, examples: known)
    return plan.judged.map { model(traits, row: $0) }
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
      for k in 0..<count { result.probabilities[index * count + k] /= sum }
    }
    func mean(_ values: [Double]) -> [Double] { zip(values, judges).map { $0 / Double(max(1, $1)) } }
    result.importance = mean(importance)
    result.instability = mean(instability)
    result.flipDivergence = mean(divergence)
    result.flipLikeness = mean(likeness)
    result.neighbours = neighbours.enumerated().map { $1 / Double(max(1, judges[$0 / count])) }
    result.isolation = mean(isolation)
    if knowsFaces { result.notAFace = mean(notAFace) }
    result.features = features
    result.injections = injections
    var dynamics = dynamics
    dynamics.divide(classes: count)
    result.dynamics = dynamics
    return result
  }
}
