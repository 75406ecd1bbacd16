import Curation
import Randomness

@testable import Auditing

/// Evidence about faces that do not exist: classes, noise and networks are known exactly.
struct SimulatedEvidence {
  var evidence: Evidence
  /// The true class of each sample.
  var truth: [Int]

  /// - Parameters:
  ///   - noise: share of the labels that are wrong; `confusion` says to what.
  ///   - sharpness: how far the true class's logit is ahead, on average.
  ///   - voted: share of the samples whose votes are known.
  init(
    count: Int = 1500, classes: Int = 4, noise: Double = 0.2, sharpness: Double = 2.5, voted: Double = 0,
    seed: UInt64 = 1
  ) {
    var generator = SeededGenerator(seed: seed)
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() } }
    var labels: [Int] = []
    var probabilities: [Double] = []
    var inside: [Double] = []
    truth = []
    var samples: [Sample] = []
    let names = (0..<classes).map { "class\($0)" }
    for index in 0..<count {
      let real = index % classes
      let isWrong = generator.uniform() < noise
      let label = isWrong ? (real + 1 + Int(generator.uniform() * Double(classes - 1))) % classes : real
      func row() -> [Double] {
        let logits = (0..<classes).map { normal() + ($0 == real ? sharpness : 0) }
        let largest = logits.max() ?? 0
        let values = logits.map { Self.exponential($0 - largest) }
        let sum = values.reduce(0, +)
        // Networks learn what faces are called: of every class a share is called something else.
        let other = noise / Double(classes - 1)
        return values.map { other + $0 / sum * (1 - noise - other) }
      }
      probabilities += row()
      inside += row()
      labels.append(label)
      truth.append(real)
      samples.append(
        Sample(
          id: Int64(index + 1), key: "row-\(index)", split: .train, label: names[label], width: 1, height: 1,
          channels: 1, encoding: .gray8, pixelHash: "hash\(index)", source: 1))
    }
    evidence = Evidence(
      samples: samples, classes: names, labels: labels, heldOutBy: (0..<count).map { $0 % 3 },
      probabilities: probabilities)
    evidence.importance = (0..<count).map { labels[$0] == truth[$0] ? 0.7 : 0.4 }
    evidence.flipDivergence = (0..<count).map { _ in generator.uniform() * 0.2 }
    evidence.flipLikeness = [Double](repeating: 0.95, count: count)
    evidence.instability = (0..<count).map { _ in generator.uniform() * 0.1 }
    evidence.neighbours = inside
    var dynamics = Dynamics(count: count, classes: classes)
    dynamics.networks = [Int](repeating: 2, count: count)
    (dynamics.probabilities, dynamics.courseProbabilities) = (inside, inside)
    for index in 0..<count {
      let given = inside[index * classes + labels[index]]
      let other = (0..<classes).filter { $0 != labels[index] }.map { inside[index * classes + $0] }.max() ?? 0
      dynamics.margin[index] = safeLog(given) - safeLog(other)
      dynamics.confidence[index] = given
      dynamics.variability[index] = 0.1
      dynamics.correctness[index] = given > other ? 1 : 0
      dynamics.loss[index] = -safeLog(given)
    }
    evidence.dynamics = dynamics
    for index in 0..<count where generator.uniform() < voted {
      evidence.votes[index] = [names[truth[index]]: 8, names[(truth[index] + 1) % classes]: 2]
    }
  }

  /// The network of all samples takes its labels for true with this probability, and says what the others say else; so it does
  /// with wrong labels, which the first `injected` samples were given on purpose.
  mutating func learnLabels(believing share: Double, injecting injected: Int) {
    let classes = evidence.classes.count
    let known = evidence
    func said(_ index: Int, _ label: Int) -> [Double] {
      known.probabilities(of: index).enumerated().map { (1 - share) * $1 + ($0 == label ? share : 0) }
    }
    let rows = known.labels.indices.flatMap { said($0, known.labels[$0]) }
    evidence.dynamics?.probabilities = rows
    evidence.dynamics?.courseProbabilities = rows
    evidence.injections = (0..<injected).map { index in
      let label = (known.labels[index] + 1) % classes
      var dynamics = Dynamics(count: 1, classes: classes)
      dynamics.networks = [1]
      dynamics.probabilities = said(index, label)
      dynamics.courseProbabilities = dynamics.probabilities
      return Injection(index: index, label: label, dynamics: dynamics)
    }
  }

  private static func exponential(_ x: Double) -> Double {
    // Good enough for a simulation, and without importing a C library into the tests.
    var (sum, term) = (1.0, 1.0)
    let y = x / 16
    for n in 1..<20 {
      term *= y / Double(n)
      sum += term
    }
    return (0..<4).reduce(sum) { value, _ in value * value }
  }

  /// The area under the curve of finding wrong labels by low quality.
  func areaUnderCurve(_ quality: [Double]) -> Double {
    Ranking.areaUnderCurve(quality.map { -$0 }, isPositive: zip(evidence.labels, truth).map { $0 != $1 })
  }
}
