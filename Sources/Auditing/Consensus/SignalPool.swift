/// What networks and neighbours say about a sample's class, in one distribution.
///
/// A weighted mean of logarithms: the network that learned for longest is much the surest, and a mean of probabilities would
/// lose the order of what it is almost sure of. Labels that were made wrong on purpose weigh the sources: a network that came
/// to believe those has come to believe others, and says less.
struct SignalPool {
  /// [N, C], rows sum to 1.
  private(set) var probabilities: [Double]
  /// What the sources say, pooled alike, of the samples that a network learned under a label made wrong on purpose.
  private(set) var injected: [Injected] = []
  /// The weight of each source: networks that held the sample out, networks that learned from it in the end and over all epochs,
  /// neighbours.
  private(set) var weights: [Double]
  /// Whether networks speak that learned from the samples.
  var readsLearning: Bool { weights[1] + weights[2] > 0 }

  /// The weights without enough injected labels to measure them on, with and without a network that learned from a sample.
  static let usualWeights = (all: [0.1, 0.6, 0.25, 0.05], heldOutOnly: [0.4, 0, 0, 0.2])
  /// What a source is taken to say at least of each class: neighbours are too few to rule one out.
  private static let floors = [1e-5, 1e-5, 1e-5, 0.02]
  /// The sources that say something only of samples that networks learned from.
  private static let learned = 1...2
  /// The longest Newton step: where sources are all sure the function is almost straight, and says nothing of what lies far away.
  private static let longestStep = 0.2
  /// Fewer injected labels than this measure nothing.
  static let fewestInjections = 20
  /// How strongly weights are pulled to the usual ones: chosen, among 40, 100, 150, 200 and 400, on small datasets and on all of FER2013.
  static let pull = 150.0

  init(_ evidence: Evidence) {
    let classes = evidence.classes.count
    // Networks that were shown votes have seen the answer of the very samples that votes judge; only where they were shown
    // none do they judge all samples alike.
    let dynamics = evidence.showsVotes ? nil : evidence.dynamics
    let sources: [[Double]] = [
      evidence.probabilities, dynamics?.probabilities ?? [], dynamics?.courseProbabilities ?? [], evidence.neighbours,
    ]
    let examples = Self.examples(sources, evidence)
    weights = Self.weights(sources, examples.map(\.example))
    probabilities = evidence.probabilities
    let learned = evidence.learned
    for index in 0..<evidence.count {
      let start = index * classes
      var logs = [Double](repeating: 0, count: classes)
      for (number, source) in sources.enumerated() where weights[number] > 0 {
        // What was measured neither on this sample nor on a copy is what the networks that held it out say.
        let row = Self.learned.contains(number) ? learned[index] : index
        for k in 0..<classes {
          let said = row.map { source[$0 * classes + k] } ?? evidence.probabilities[start + k]
          logs[k] += weights[number] * safeLog(max(Self.floors[number], said))
        }
      }
      let powers = softmax(logs)
      for k in 0..<classes { probabilities[start + k] = powers[k] }
    }
    injected = examples.map { Injected(probabilities: softmax($0.example.pooled(weights)), label: $0.injected) }
  }

  /// The usual weights, or those under which the pool tells best what the injected samples were called before.
  private static func weights(_ sources: [[Double]], _ examples: [Example]) -> [Double] {
    let usual = zip(sources, sources[1].isEmpty ? usualWeights.heldOutOnly : usualWeights.all)
      .map { $0.isEmpty ? 0 : $1 }
    return normalised(examples.count < fewestInjections ? usual : fitted(examples, usual: usual))
  }

  /// What the sources say of each injected sample, the network that learned the wrong label among them.
  private static func examples(_ sources: [[Double]], _ evidence: Evidence) -> [(example: Example, injected: Int)] {
    let classes = evidence.classes.count
    return evidence.injections.filter { $0.dynamics.networks[0] > 0 }.map { injection in
      let own = [1: injection.dynamics.probabilities, 2: injection.dynamics.courseProbabilities]
      let logs = sources.enumerated().map { number, source in
        (0..<classes).map { k in
          guard !source.isEmpty else { return 0.0 }
          let said = own[number]?[k] ?? source[injection.index * classes + k]
          return safeLog(max(floors[number], said))
        }
      }
      return (Example(logs: logs, label: injection.given), injection.label)
    }
  }

  /// What is said of a sample by a network, among others, that learned a wrong label of it.
  struct Injected {
    /// Of each class.
    var probabilities: [Double]
    /// The wrong label.
    var label: Int
  }

  /// What the sources say about one sample, and what it is called.
  struct Example {
    /// The logarithms of each source, [S][C].
    var logs: [[Double]]
    var label: Int

    /// The weighted sum of the logarithms, [C].
    func pooled(_ weights: [Double]) -> [Double] {
      (logs.first ?? []).indices.map { k in weights.indices.reduce(0) { $0 + weights[$1] * logs[$1][k] } }
    }
  }

  /// The weights, none below 0, with the highest likelihood of the labels, less half of `pull` times the squared distance from the
  /// usual ones, by Newton steps along one weight after another: the function is concave.
  static func fitted(_ examples: [Example], usual: [Double]) -> [Double] {
    var weights = usual
    for _ in 0..<100 {
      var moved = 0.0
      for number in weights.indices where usual[number] > 0 {
        var slope = -pull * (weights[number] - usual[number])
        var curvature = pull
        for example in examples {
          let said = example.logs[number]
          let classes = said.indices
          let p = softmax(example.pooled(weights))
          let mean = classes.reduce(0) { $0 + p[$1] * said[$1] }
          slope += said[example.label] - mean
          curvature += classes.reduce(0) { $0 + p[$1] * (said[$1] - mean) * (said[$1] - mean) }
        }
        let step = min(longestStep, max(-longestStep, slope / curvature))
        let next = max(0, weights[number] + step)
        moved = max(moved, abs(next - weights[number]))
        weights[number] = next
      }
      if moved < 1e-6 { break }
    }
    return weights
  }

  /// Weights that sum to 1; where none is left, networks that held samples out speak alone.
  private static func normalised(_ weights: [Double]) -> [Double] {
    let sum = weights.reduce(0, +)
    return sum > 0 ? weights.map { $0 / sum } : [1, 0, 0, 0]
  }
}
