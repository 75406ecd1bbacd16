public import Training

/// All signals together: the probability of every class, given what networks say and what the label says.
///
/// Without votes, networks that held a sample out, those that learned from it and its nearest neighbours are pooled, each
/// by how well it recognises labels that were made wrong on purpose; how labels err is read off the pool itself
/// (`LabelNoiseModel`). Where votes of enough pictures are known, a regression learns from them how all signals and
/// the label tell the truth (`VoteRegression`); a sample's own votes never speak for it.
public struct Consensus: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "consensus"
  /// One line for `fercure list auditors`.
  public static let summary = "all signals together, with calibrated confidence (the default)"

  /// Votes with a majority on this many distinct pictures are needed before a regression learns from them.
  static let fewestVotes = 200

  private let recipe: AuditRecipe

  /// Creates the auditor.
  public init(_ recipe: AuditRecipe) { self.recipe = recipe }

  /// Judges every sample.
  public func assess(_ evidence: Evidence) throws -> Assessment {
    let truth = evidence.truth()
    let isCalibrated = truth.count >= Self.fewestVotes
    let regression = isCalibrated ? VoteRegression(evidence, truth: truth) : nil
    let posterior = regression?.posterior ?? pooled(evidence)
    let classes = evidence.classes.count
    let suggested = evidence.labels.indices.map { evidence.bestOther(posterior, $0) }
    let quality = evidence.labels.indices.map { posterior[$0 * classes + evidence.labels[$0]] }
    let confidence = evidence.labels.indices.map { posterior[$0 * classes + suggested[$0]] }
    var result = Assessment(
      quality: quality, suggested: suggested, isFlagged: zip(confidence, quality).map { $0 > $1 })
    result.confidence =
      regression.map { calibrated(confidence, asked: $0.asked, truth: truth, evidence.asAsked()) } ?? confidence
    result.posterior = posterior
    result.shares = regression?.shares
    result.notAFace = evidence.notAFace.isEmpty ? nil : evidence.notAFace
    result.isCalibrated = isCalibrated
    return result
  }

  /// A suggestion about a sample whose truth is known.
  private struct Judged {
    var index: Int
    var probability: Double
    var isRight: Bool
  }

  /// Confidences of suggestions as sure as those of other folds turned out to be.
  private func calibrated(
    _ confidence: [Double], asked posterior: [Double], truth: [Int: Int], _ evidence: Evidence
  ) -> [Double] {
    let classes = evidence.classes.count
    let judged = truth.sorted { $0.key < $1.key }.compactMap { index, truth -> Judged? in
      let to = evidence.bestOther(posterior, index)
      let probability = posterior[index * classes + to]
      guard probability > posterior[index * classes + evidence.labels[index]] else { return nil }
      return Judged(index: index, probability: probability, isRight: truth == to)
    }
    let folds = VoteRegression.votedFolds(evidence)
    var result = confidence
    for fold in [nil] + Set(folds.compactMap(\.self)).sorted().map(Optional.some) {
      let others = judged.filter { fold == nil || folds[$0.index] != fold }
      let calibration = LogisticCalibration(others.map { (probability: $0.probability, isRight: $0.isRight) })
      for index in result.indices where folds[index] == fold { result[index] = calibration(confidence[index]) }
    }
    return result
  }

  /// The probability of each class, [N, C], from all signals but votes.
  ///
  /// Shares of classes tell something only where networks learned what labels name, each as it is, and were held to early learning.
  private func pooled(_ evidence: Evidence) -> [Double] {
    let pool = SignalPool(evidence)
    let isHeld = recipe.train.earlyLearning > 0 && recipe.train.classWeights == "none"
    return Self.posterior(pool.probabilities, evidence, movesShares: isHeld && pool.readsLearning)
  }

  /// The probability of each class, [N, C], from probabilities and labels alone.
  static func posterior(_ probabilities: [Double], _ evidence: Evidence, movesShares: Bool = false) -> [Double] {
    LabelNoiseModel(
      probabilities: probabilities, labels: evidence.labels, classes: evidence.classes.count,
      counts: evidence.labels.indices.map { evidence.isTraining($0) }, movesShares: movesShares
    ).posterior
  }
}

/// What networks and neighbours say about a sample's class, in one distribution.
struct SignalPool {
  /// [N, C], rows sum to 1.
  private(set) var probabilities: [Double]
  /// The weight of each source: networks that held the sample out, networks that learned from it, neighbours.
  private(set) var weights: [Double]
  /// Whether networks speak that learned from the samples.
  var readsLearning: Bool { weights[1] > 0 }

  /// The weights without enough injected labels to measure them on, with and without a network that learned from a sample.
  static let usualWeights = (all: [0.1, 0.85, 0.05], heldOutOnly: [0.4, 0, 0.2])
  /// What a source is taken to say at least of each class: neighbours are too few to rule one out.
  private static let floors = [1e-5, 1e-5, 0.02]
  /// Fewer injected labels than this measure nothing.
  static let fewestInjections = 50

  init(_ evidence: Evidence) {
    let classes = evidence.classes.count
    // Networks that were shown votes have seen the answer of the very samples that votes judge; only where they were shown
    // none do they judge all samples alike.
    let sources: [[Double]] = [
      evidence.probabilities, evidence.showsVotes ? [] : evidence.dynamics?.probabilities ?? [], evidence.neighbours,
    ]
    weights = Self.weights(sources, evidence)
    // The mean of logarithms: the network that learned for longest is much the surest, and a mean of probabilities would
    // lose the order of what it is almost sure of.
    probabilities = evidence.probabilities
    let learned = evidence.learned
    for index in 0..<evidence.count {
      let start = index * classes
      var logs = [Double](repeating: 0, count: classes)
      for (number, source) in sources.enumerated() where weights[number] > 0 {
        // What was measured neither on this sample nor on a copy is what the networks that held it out say.
        let row = number == 1 ? learned[index] : index
        for k in 0..<classes {
          let said = row.map { source[$0 * classes + k] } ?? evidence.probabilities[start + k]
          logs[k] += weights[number] * safeLog(max(Self.floors[number], said))
        }
      }
      let largest = logs.max() ?? 0
      let powers = logs.map { exponential($0 - largest) }
      let sum = powers.reduce(0, +)
      for k in 0..<classes { probabilities[start + k] = powers[k] / sum }
    }
  }

  /// Weights by how well each source alone recognises injected labels, within each class: a source that knows nothing has
  /// none.
  private static func weights(_ sources: [[Double]], _ evidence: Evidence) -> [Double] {
    let classes = evidence.classes.count
    let injected = evidence.withInjections()
    let isInjected = Set(evidence.injections.map(\.index))
    let seen = evidence.labels.indices.filter {
      evidence.isTraining($0) && (injected.dynamics.map { $0.networks }?[$0] ?? 1) > 0
    }
    let usual = sources[1].isEmpty ? usualWeights.heldOutOnly : usualWeights.all
    let raw = sources.enumerated().map { number, source -> Double in
      guard !source.isEmpty else { return 0 }
      guard evidence.injections.count >= fewestInjections else { return usual[number] }
      let values = number == 1 ? injected.dynamics?.probabilities ?? source : source
      let area = Ranking.classConditionalArea(
        seen.map { -values[$0 * classes + injected.labels[$0]] }, isPositive: seen.map(isInjected.contains),
        classes: seen.map { injected.labels[$0] })
      return usual[number] * max(0, area - 0.5)
    }
    let sum = raw.reduce(0, +)
    return sum > 0 ? raw.map { $0 / sum } : [1, 0, 0]
  }
}
