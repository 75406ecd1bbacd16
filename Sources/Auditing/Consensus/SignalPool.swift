/// What networks and neighbours say about a sample's class, to be pooled into one distribution.
///
/// A weighted mean of logarithms: the network that learned for longest is much the surest, and a mean of probabilities would
/// lose the order of what it is almost sure of.
struct SignalPool {
  /// What is said of a sample by a network, among others, that learned a wrong label of it.
  struct Injected {
    /// The logarithms of each source, [S][C].
    fileprivate var logs: [[Double]]
    /// The wrong label.
    var label: Int
  }

  /// The usual weight of each source, 0 for one that there is not; they sum to 1.
  ///
  /// Sources are networks that held the sample out, networks that learned from it in the end and over all epochs, neighbours.
  let usualWeights: [Double]
  /// The same of the sources alone that did not learn from a sample.
  let heldOutWeights: [Double]
  /// The samples that a network learned under a label made wrong on purpose.
  let injected: [Injected]
  /// The sample whose picture networks learned from, by position; see `Evidence.learned`.
  let learned: [Int?]
  /// How far networks know the labels by heart that they learned, from 0 to 1.
  ///
  /// Of a label made wrong on purpose: how much more a network believes it that learned it than those that held the sample out, as a share
  /// of what it could be more; the mean, less its standard error, or 0 where it may be chance, below two of those. The memorization of
  /// Feldman 2020, of labels that nothing speaks for.
  let memorisation: Double
  /// The logarithms of each source, [S][N * C]; empty for one that there is not.
  private let logs: [[Double]]
  private let classes: Int

  /// The usual weights with and without a network that learned from a sample.
  static let usualWeights = (all: [0.1, 0.6, 0.25, 0.05], heldOutOnly: [2.0 / 3, 0, 0, 1.0 / 3])
  /// What a source is taken to say at least of each class: neighbours are too few to rule one out.
  private static let floors = [1e-5, 1e-5, 1e-5, 0.02]
  /// The sources that say something only of samples that networks learned from.
  private static let learning = 1...2

  init(_ evidence: Evidence) {
    let classes = evidence.classes.count
    self.classes = classes
    // Networks that were shown votes have seen the answer of the very samples that votes judge; only where they were shown
    // none do they judge all samples alike.
    let dynamics = evidence.showsVotes ? nil : evidence.dynamics
    let sources: [[Double]] = [
      evidence.probabilities, dynamics?.probabilities ?? [], dynamics?.courseProbabilities ?? [], evidence.neighbours,
    ]
    func present(_ weights: [Double]) -> [Double] {
      let present = zip(sources, weights).map { $0.isEmpty ? 0 : $1 }
      let sum = present.reduce(0, +)
      return present.map { $0 / sum }
    }
    heldOutWeights = present(Self.usualWeights.heldOutOnly)
    usualWeights = dynamics == nil ? heldOutWeights : present(Self.usualWeights.all)
    let learned = evidence.learned
    self.learned = learned
    logs = sources.enumerated().map { number, source in
      source.indices.map { place in
        // What was measured neither on this sample nor on a copy is what the networks that held it out say.
        let (index, k) = (place / classes, place % classes)
        let row = Self.learning.contains(number) ? learned[index] : index
        return safeLog(
          max(Self.floors[number], row.map { source[$0 * classes + k] } ?? evidence.probabilities[place]))
      }
    }
    injected = evidence.injections.filter { $0.dynamics.networks[0] > 0 }.map { injection in
      let own = [1: injection.dynamics.probabilities, 2: injection.dynamics.courseProbabilities]
      let logs = sources.enumerated().map { number, source in
        source.isEmpty
          ? []
          : (0..<classes).map { k in
            safeLog(max(Self.floors[number], own[number]?[k] ?? source[injection.index * classes + k]))
          }
      }
      return Injected(logs: logs, label: injection.label)
    }
    memorisation = injected.count < Injection.fewest || dynamics == nil ? 0 : Self.memorisation(injected)
  }

  private static func memorisation(_ injected: [Injected]) -> Double {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let heldOut = injected.map { exponential($0.logs[0][$0.label]) }
    let gains = zip(injected, heldOut).map { exponential($0.logs[1][$0.label]) - $1 }
    let gain = mean(gains)
    let error = (mean(gains.map { ($0 - gain) * ($0 - gain) }) / Double(gains.count)).squareRoot()
    return gain < 2 * error ? 0 : min(1, (gain - error) / (1 - mean(heldOut)))
  }

  /// Whether networks speak under these weights that learned from the samples.
  static func readsLearning(_ weights: [Double]) -> Bool { weights[learning].contains { $0 > 0 } }

  /// The probability of each class, [rows, C], of samples by position.
  func probabilities(of rows: some Sequence<Int>, weights: [Double]) -> [Double] {
    rows.flatMap { row in pooled(weights) { logs[$0][row * classes + $1] } }
  }

  /// The probability of each class of an injected sample.
  func probabilities(of injected: Injected, weights: [Double]) -> [Double] {
    pooled(weights) { injected.logs[$0][$1] }
  }

  private func pooled(_ weights: [Double], _ log: (_ source: Int, _ k: Int) -> Double) -> [Double] {
    softmax(
      (0..<classes).map { k in
        weights.indices.reduce(0) { weights[$1] > 0 ? $0 + weights[$1] * log($1, k) : $0 }
      })
  }
}
