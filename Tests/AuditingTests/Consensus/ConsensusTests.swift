import Curation
import Foundation
import Testing
import Training

@testable import Auditing

@Suite struct ConsensusTests {
  private func assessment(_ simulation: SimulatedEvidence) throws -> Assessment {
    try Consensus(AuditRecipe()).assess(simulation.evidence)
  }

  private func error(_ assessment: Assessment, _ simulation: SimulatedEvidence, where isCounted: (Int) -> Bool)
    -> Double
  {
    let counted = simulation.truth.indices.filter(isCounted)
    let bins = Ranking.reliability(
      counted.map { assessment.confidence?[$0] ?? 0 },
      isRight: counted.map { assessment.suggested[$0] == simulation.truth[$0] })
    return Ranking.expectedCalibrationError(bins)
  }

  @Test func `with votes, confidence says how often the suggestion is right on samples without`() throws {
    let simulation = SimulatedEvidence(count: 4000, noise: 0.3, sharpness: 1.5, voted: 0.5)
    let assessment = try assessment(simulation)
    #expect(assessment.isCalibrated)
    let error = error(assessment, simulation) { simulation.evidence.votes[$0] == nil }
    #expect(error < 0.03, "\(error)")
  }

  @Test func `votes make the ranking better, and it is better than any signal alone`() throws {
    let without = SimulatedEvidence(count: 4000, noise: 0.3, sharpness: 1.5)
    let with = SimulatedEvidence(count: 4000, noise: 0.3, sharpness: 1.5, voted: 0.5)
    #expect(without.truth == with.truth && without.evidence.labels == with.evidence.labels)
    let plain = without.areaUnderCurve(try assessment(without).quality)
    let voted = with.areaUnderCurve(try assessment(with).quality)
    let probabilities = without.evidence.labels.indices.map {
      without.evidence.probabilities[$0 * 4 + without.evidence.labels[$0]]
    }
    let alone = without.areaUnderCurve(probabilities)
    #expect(plain > alone, "\(plain) \(alone)")
    #expect(voted > plain - 0.002, "\(voted) \(plain)")
  }

  @Test func `a sample's own votes never speak for it`() throws {
    var simulation = SimulatedEvidence(count: 1200, voted: 0.6)
    let before = try assessment(simulation)
    let index = try #require(simulation.evidence.votes.keys.min())
    let other = (simulation.truth[index] + 2) % 4
    simulation.evidence.votes[index] = ["class\(other)": 10]
    let after = try assessment(simulation)
    #expect(before.posterior?[(index * 4)..<(index * 4 + 4)] == after.posterior?[(index * 4)..<(index * 4 + 4)])
    #expect(before.posterior != after.posterior, "the lie should have changed others a little")
  }

  @Test func `probes teach how to read what networks say about samples that they learned from`() throws {
    var simulation = SimulatedEvidence(count: 6000, noise: 0.3, sharpness: 1.2, voted: 0.6)
    simulation.evidence.neighbours = []
    let unknown = simulation.truth.indices.filter { simulation.evidence.votes[$0] == nil }
    // Networks that learned from votes repeat them; those that learned from labels have a view of their own.
    let voted = Set(simulation.evidence.votes.keys)
    let probes = Set(voted.filter { $0 / 4 % 4 == 0 })
    for index in voted.subtracting(probes) {
      for k in 0..<4 {
        simulation.evidence.dynamics?.probabilities[index * 4 + k] = k == simulation.truth[index] ? 0.97 : 0.01
      }
    }
    func right() throws -> Int {
      let posterior = try #require(try assessment(simulation).posterior)
      return unknown.count { index in
        (0..<4).max { posterior[index * 4 + $0] < posterior[index * 4 + $1] } == simulation.truth[index]
      }
    }
    let without = try right()
    simulation.evidence.probes = probes
    let with = try right()
    #expect(Double(with) > 1.03 * Double(without), "\(with) with, \(without) without, of \(unknown.count)")
  }

  @Test func `few probes are not learned by heart`() throws {
    var simulation = SimulatedEvidence(count: 6000, noise: 0.3, sharpness: 1.2, voted: 0.5)
    let unknown = simulation.truth.indices.filter { simulation.evidence.votes[$0] == nil }
    func loss() throws -> Double {
      let posterior = try #require(try assessment(simulation).posterior)
      return unknown.reduce(0.0) { $0 - log(max(1e-9, posterior[$1 * 4 + simulation.truth[$1]])) }
        / Double(unknown.count)
    }
    let without = try loss()
    simulation.evidence.probes = Set(simulation.evidence.votes.keys.sorted().prefix(VoteRegression.fewestProbes + 80))
    let with = try loss()
    #expect(with != without, "probes are read")
    #expect(with < 1.01 * without, "\(with) with, \(without) without")
  }

  @Test func `votes on pictures that models are tested by teach nothing`() throws {
    var simulation = SimulatedEvidence(count: 4000, noise: 0.3, voted: 0.5)
    for index in simulation.evidence.votes.keys { simulation.evidence.samples[index].split = .test }
    #expect(simulation.evidence.truth().isEmpty)
    #expect(try !assessment(simulation).isCalibrated)
    let ranked = try ConfidentLearningAudit(AuditRecipe()).assess(simulation.evidence)
    #expect(RankCalibration.applied(to: ranked, simulation.evidence).confidence == nil)
  }

  @Test func `too few votes are not learned from`() throws {
    var simulation = SimulatedEvidence(count: 600, voted: 1)
    for index in simulation.evidence.votes.keys.sorted().dropFirst(150) { simulation.evidence.votes[index] = nil }
    #expect(try !assessment(simulation).isCalibrated)
  }

  @Test func `faces that two labels share are called ambiguous, and both are named`() throws {
    var simulation = SimulatedEvidence(count: 3000, noise: 0.25, sharpness: 2, voted: 1)
    // Class 0 faces of which four in ten voters say class 1.
    for index in simulation.truth.indices where simulation.truth[index] == 0 && index % 8 == 0 {
      simulation.evidence.votes[index] = ["class0": 6, "class1": 4]
      for k in 0..<4 { simulation.evidence.probabilities[index * 4 + k] = [0.6, 0.32, 0.04, 0.04][k] }
      for k in 0..<4 { simulation.evidence.neighbours[index * 4 + k] = [0.6, 0.32, 0.04, 0.04][k] }
      simulation.evidence.labels[index] = 1
    }
    let result = try Audit(recipe: AuditRecipe(), seed: 1).judge(simulation.evidence)
    let ambiguous = result.suggestions.filter { $0.verdict == .ambiguous }
    let shared = ambiguous.filter { simulation.evidence.votes[Int($0.sample) - 1]?["class1"] == 4 }
    #expect(ambiguous.count > 100)
    #expect(Double(shared.count) / Double(ambiguous.count) > 0.7, "\(shared.count) of \(ambiguous.count)")
    #expect(shared.allSatisfy { Set([$0.from, $0.to]) == ["class0", "class1"] || $0.to == "class0" })
  }

  @Test func `suggestions carry what labels made wrong on purpose say about such, where they are enough`() throws {
    var simulation = SimulatedEvidence(count: 1500)
    simulation.learnLabels(believing: 0.1, injecting: 300)
    let result = try Audit(recipe: AuditRecipe(), seed: 1).judge(simulation.evidence)
    let gates = TargetGate.stored(with: result.suggestions)
    #expect(gates.map(\.target) == simulation.evidence.classes)
    let area = try #require(result.recognition.first?.area)
    #expect(area > 0.7 && gates.allSatisfy { $0.recognition == area })
    #expect(gates.allSatisfy { $0.precision.share > 0.6 }, "four classes, and the one before is mostly named")
    simulation.learnLabels(believing: 0.1, injecting: Injection.fewest - 1)
    let few = try Audit(recipe: AuditRecipe(), seed: 1).judge(simulation.evidence)
    #expect(!few.suggestions.isEmpty && TargetGate.stored(with: few.suggestions).isEmpty)
  }

  @Test func `a network that believes labels made wrong on purpose is hardly heard, nor neighbours that know nothing`()
  {
    var simulation = SimulatedEvidence(count: 1500)
    func consensus(believing share: Double) -> PooledConsensus {
      simulation.learnLabels(believing: share, injecting: 300)
      return PooledConsensus(simulation.evidence, movesShares: false)
    }
    let fresh = consensus(believing: 0)
    #expect(fresh.reading.weights[1...2].reduce(0, +) > 0.4, "\(fresh.reading)")
    // Of no use any more, it leaves the word to the others, but only where wrong labels tell.
    let heart = consensus(believing: 1)
    var (unlearned, untold) = (simulation.evidence, simulation.evidence)
    unlearned.dynamics = nil
    untold.injections = []
    let alone = PooledConsensus(unlearned, movesShares: false)
    let plain = PooledConsensus(untold, movesShares: false)
    #expect(largestDifference(heart.posterior, alone.posterior) < 0.25)
    #expect(largestDifference(plain.posterior, alone.posterior) > 0.75)
    // What others say of other samples.
    let wrong = simulation.evidence.neighbours
    simulation.evidence.neighbours = wrong.indices.map { wrong[($0 + 4 * 7 + 2) % wrong.count] }
    #expect(consensus(believing: 0.02).reading.weights[3] < 0.01)
  }

  @Test func `a pool is read as it is worth most, less the pull`() {
    // A sharp peak is reached to half a last step, a weak wish gives in to the pull.
    let peak = Reading(weights: [0.1, 0.2, 0.7, 0], tablePower: 0.3)
    func distance(_ reading: Reading, _ other: Reading) -> Double {
      let power = reading.tablePower - other.tablePower
      return zip(reading.weights, other.weights).reduce(power * power) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let usual = Reading(weights: [0.4, 0.4, 0.2, 0])
    let sharp = Reading.best(from: usual) { -1000 * distance($0, peak) }
    #expect(distance(sharp, peak) < 0.005 && abs(sharp.weights.reduce(0, +) - 1) < 1e-9, "\(sharp)")
    #expect(Reading.best(from: usual) { -0.01 * distance($0, peak) } == usual)
    let absent = Reading.best(from: Reading(weights: [0.5, 0.5, 0, 0])) { -1000 * distance($0, peak) }
    #expect(absent.weights[2] == 0 && absent.weights[3] == 0, "a source that is not there stays out")
    #expect(Reading.best(from: usual) { 1000 * $0.tablePower } == usual, "the power is never raised")
    #expect(Reading.best(from: usual) { -1000 * $0.tablePower }.tablePower == 0)
  }

  @Test func `where networks learned labels by heart the table of both counts less`() {
    var simulation = SimulatedEvidence(count: 1500, noise: 0.3)
    func power(believing share: Double) -> Double {
      simulation.learnLabels(believing: share, injecting: 150)
      return PooledConsensus(simulation.evidence, movesShares: false).reading.tablePower
    }
    let (heart, fresh) = (power(believing: 0.5), power(believing: 0))
    #expect(fresh == Reading.usualTablePower && heart < fresh, "\(heart) \(fresh)")
  }

  @Test func `labels that a network learned by heart are doubted more, and only where wrong ones show it`() throws {
    var simulation = SimulatedEvidence(count: 1500, noise: 0.3)
    let labels = simulation.evidence.labels
    simulation.evidence.neighbours = []
    func flagged(believing share: Double, injecting: Bool) throws -> (wrong: Int, right: Int) {
      simulation.learnLabels(believing: share, injecting: injecting ? 150 : 0)
      let flags = try Consensus(AuditRecipe()).assess(simulation.evidence).isFlagged
      let wrong = (150..<1500).count { flags[$0] && labels[$0] != simulation.truth[$0] }
      return (wrong, (150..<1500).count { flags[$0] } - wrong)
    }
    let wrong = (150..<1500).count { labels[$0] != simulation.truth[$0] }
    let heart = try (plain: flagged(believing: 0.5, injecting: false), told: flagged(believing: 0.5, injecting: true))
    #expect(Double(heart.told.wrong) > 1.2 * Double(heart.plain.wrong), "\(heart) of \(wrong)")
    #expect(heart.told.right < heart.told.wrong, "\(heart)")
    let fresh = try (plain: flagged(believing: 0, injecting: false), told: flagged(believing: 0, injecting: true))
    #expect(abs(fresh.told.wrong - fresh.plain.wrong) < wrong / 20, "\(fresh) of \(wrong)")
    #expect(abs(fresh.told.right - fresh.plain.right) < wrong / 20, "\(fresh)")
  }

  @Test func `what networks know by heart is by how much more they believe a wrong label that they learned`() {
    var simulation = SimulatedEvidence(count: 600)
    func memorisation(believing share: Double, injecting injected: Int = 300) -> Double {
      simulation.learnLabels(believing: share, injecting: injected)
      return SignalPool(simulation.evidence).memorisation
    }
    for share in [0.2, 0.5, 0.9] {
      let measured = memorisation(believing: share)
      #expect(measured < share && measured > share - 0.02, "\(measured) of \(share)")
    }
    #expect(memorisation(believing: 0) == 0)
    #expect(memorisation(believing: 0.9, injecting: Injection.fewest - 1) == 0, "too few to tell")
    simulation.learnLabels(believing: 0.9, injecting: 300)
    simulation.evidence.dynamics = nil
    #expect(SignalPool(simulation.evidence).memorisation == 0, "no network learned from what it judges")
  }

  @Test func `what networks name beside a label that they know by heart is believed as far as they do not`() throws {
    var simulation = SimulatedEvidence(count: 3000, noise: 0.3)
    simulation.learnLabels(believing: 0.6, injecting: 150)
    // What is left says of every other face with certainty what is true of another.
    let (labels, classes) = (simulation.evidence.labels, 4)
    for index in stride(from: 151, to: 3000, by: 2) {
      let (given, named) = (labels[index], (labels[index] + 1 + index / 2 % 3) % classes)
      let row = (0..<classes).map { $0 == given ? 0.7 : $0 == named ? 0.28 : 0.01 }
      let place = (index * classes)..<((index + 1) * classes)
      simulation.evidence.dynamics?.probabilities.replaceSubrange(place, with: row)
      simulation.evidence.dynamics?.courseProbabilities.replaceSubrange(place, with: row)
    }
    /// By how much more sure than right it is which class a face is whose label is wrong.
    func excess(_ posterior: [Double]) -> Double {
      var (stated, right, count) = (0.0, 0.0, 0.0)
      for index in 150..<3000 where labels[index] != simulation.truth[index] {
        let to = simulation.evidence.bestOther(posterior, index)
        stated += posterior[index * classes + to] / (1 - posterior[index * classes + labels[index]])
        (right, count) = (right + (to == simulation.truth[index] ? 1 : 0), count + 1)
      }
      return (stated - right) / count
    }
    let consensus = PooledConsensus(simulation.evidence, movesShares: false)
    let all = LabelNoiseModel(
      probabilities: SignalPool(simulation.evidence).probabilities(
        of: labels.indices, weights: consensus.reading.weights), labels: labels, classes: classes,
      counts: labels.map { _ in true }, tablePower: consensus.reading.tablePower)
    #expect(excess(all.posterior) > 0.1 && excess(consensus.posterior) < 0.02)
  }

  @Test func `a label is called wrong when it is sooner wrong than right, even if no other class has more`() throws {
    let simulation = SimulatedEvidence(count: 900, noise: 0.3)
    let assessment = try Consensus(AuditRecipe()).assess(simulation.evidence)
    let confidence = try #require(assessment.confidence)
    #expect(assessment.isFlagged == assessment.quality.map { $0 < 0.5 })
    let behind = confidence.indices.filter { assessment.isFlagged[$0] && confidence[$0] < assessment.quality[$0] }
    #expect(!behind.isEmpty && behind.count < assessment.isFlagged.count(where: \.self) / 4, "\(behind.count)")
    #expect(confidence.indices.allSatisfy { assessment.isFlagged[$0] || confidence[$0] <= assessment.quality[$0] })
  }

  @Test func `labels that no network learned are only read anew, those that one learned by heart are doubted more`() {
    var simulation = SimulatedEvidence(count: 900, noise: 0.3)
    let labels = simulation.evidence.labels
    // Networks believe what they learned, labels made wrong as much as others.
    simulation.learnLabels(believing: 0.5, injecting: 150)
    for index in 0..<150 { simulation.evidence.dynamics?.networks[index] = 0 }
    for index in 600..<900 {
      simulation.evidence.samples[index].split = .test
      simulation.evidence.dynamics?.networks[index] = 0
    }
    let consensus = PooledConsensus(simulation.evidence, movesShares: false)
    var untold = simulation.evidence
    untold.injections = []
    let before = PooledConsensus(untold, movesShares: false).posterior
    let reading = consensus.reading
    #expect(SignalPool.readsLearning(reading.weights))
    func plain(_ tablePower: Double) -> LabelNoiseModel {
      LabelNoiseModel(
        probabilities: SignalPool(simulation.evidence).probabilities(of: labels.indices, weights: reading.weights),
        labels: labels, classes: 4, counts: labels.indices.map { $0 < 600 }, tablePower: tablePower)
    }
    let (chosen, usual) = (plain(reading.tablePower).posterior, plain(Reading.usualTablePower).posterior)
    func quality(_ posterior: [Double], _ index: Int) -> Double { posterior[index * 4 + labels[index]] }
    let pool = SignalPool(simulation.evidence)
    let unlearned = LabelNoiseModel(
      probabilities: pool.probabilities(of: labels.indices, weights: pool.heldOutWeights), labels: labels, classes: 4,
      counts: labels.indices.map { $0 < 600 }
    ).posterior
    for index in Array(0..<150) + Array(600..<900) {
      let mean = (1 - pool.memorisation) * quality(chosen, index) + pool.memorisation * quality(unlearned, index)
      #expect(abs(quality(consensus.posterior, index) - mean) < 1e-12)
    }
    let further = (150..<600).count { quality(consensus.posterior, $0) < quality(usual, $0) - 0.01 }
    #expect(further > 80, "\(further) by \(reading)")
    #expect((150..<600).count { quality(consensus.posterior, $0) < quality(before, $0) - 0.01 } > 80)
  }

  @Test func `of a label made wrong all is known that its network said, and SCN's numbers only of one with its head`()
    throws
  {
    var simulation = SimulatedEvidence(count: 40)
    let before = try #require(simulation.evidence.dynamics)
    var told = Dynamics(count: 1, classes: 4)
    (told.networks, told.margin, told.probabilities) = ([1], [-3], [0.1, 0.2, 0.3, 0.4])
    told.courseProbabilities = [0.4, 0.3, 0.2, 0.1]
    told.importance = [0.25]
    for (selfCureNetworks, importance) in [(0, before.importance[2]), (1, 0.25)] {
      told.selfCureNetworks = [selfCureNetworks]
      simulation.evidence.injections = [Injection(index: 2, label: 1, dynamics: told)]
      let dynamics = try #require(simulation.evidence.withInjections().dynamics)
      #expect(Array(dynamics.probabilities[8..<12]) == told.probabilities)
      #expect(Array(dynamics.courseProbabilities[8..<12]) == told.courseProbabilities)
      #expect(dynamics.networks[2] == 1 && dynamics.margin[2] == -3)
      #expect(dynamics.importance[2] == importance)
    }
  }

  @Test func `the only network that learned from a wrong label is weighed too`() {
    var simulation = SimulatedEvidence(count: 1500)
    let classes = 4
    simulation.evidence.injections = (0..<300).map { index in
      var dynamics = Dynamics(count: 1, classes: classes)
      dynamics.networks = [1]
      dynamics.probabilities = Array(simulation.evidence.probabilities(of: index))
      dynamics.courseProbabilities = dynamics.probabilities
      let given = simulation.evidence.labels[index]
      return Injection(index: index, label: (given + 1) % classes, dynamics: dynamics)
    }
    for index in 0..<300 { simulation.evidence.dynamics?.networks[index] = 0 }
    let weights = PooledConsensus(simulation.evidence, movesShares: false).reading.weights
    #expect(weights != SignalPool.usualWeights.all && abs(weights.reduce(0, +) - 1) < 1e-9)
    // How well wrong labels are recognised is asked of the very pool that makes suggestions.
    #expect(PooledConsensus(simulation.evidence.withInjections(), movesShares: false).reading.weights == weights)
  }

  @Test func `the pool is the mean of logarithms, by networks that did not learn from a sample where none did`() throws
  {
    var simulation = SimulatedEvidence(count: 40)
    simulation.evidence.injections = []
    let (held, learned, near) = ([0.4, 0.3, 0.2, 0.1], [0.001, 0.899, 0.05, 0.05], [0, 0, 0.5, 0.5])
    let course = [0.1, 0.2, 0.3, 0.4]
    for index in [0, 1] {
      for k in 0..<4 {
        simulation.evidence.probabilities[index * 4 + k] = held[k]
        simulation.evidence.dynamics?.probabilities[index * 4 + k] = learned[k]
        simulation.evidence.dynamics?.courseProbabilities[index * 4 + k] = course[k]
        simulation.evidence.neighbours[index * 4 + k] = near[k]
      }
    }
    simulation.evidence.dynamics?.networks[0] = 1
    simulation.evidence.dynamics?.networks[1] = 0
    let pool = SignalPool(simulation.evidence)
    func pooled(_ pool: SignalPool, _ index: Int) -> [Double] {
      pool.probabilities(of: [index], weights: SignalPool.usualWeights.all)
    }
    #expect(largestDifference(pool.usualWeights, SignalPool.usualWeights.all) < 1e-12)
    for (index, (end, all)) in [(learned, course), (held, held)].enumerated() {
      let powers = (0..<4).map {
        pow(held[$0], 0.1) * pow(end[$0], 0.6) * pow(all[$0], 0.25) * pow(max(0.02, near[$0]), 0.05)
      }
      let wanted = powers.map { $0 / powers.reduce(0, +) }
      #expect(largestDifference(pooled(pool, index), wanted) < 1e-9)
    }
    // What a network that learned from a picture says of it is said of its copies in other splits.
    var copied = simulation.evidence
    copied.samples[1].split = .test
    copied.samples[1].pixelHash = copied.samples[0].pixelHash
    for k in 0..<4 {
      copied.dynamics?.probabilities[4 + k] = 0
      copied.dynamics?.courseProbabilities[4 + k] = 0
    }
    #expect(pooled(SignalPool(copied), 1) == pooled(pool, 0))
    // Of a picture whose label was made wrong the network of all samples says nothing.
    var wronged = copied
    wronged.injections = [Injection(index: 0, label: 1, dynamics: Dynamics(count: 1, classes: 4))]
    #expect(wronged.learned[1] == nil && copied.learned[1] == 0)
    // Networks that were shown votes have seen the answer; of probes they were not.
    simulation.evidence.votes[3] = ["class0": 9]
    #expect(SignalPool(simulation.evidence).usualWeights[1...2] == [0, 0])
    simulation.evidence.probes = [3]
    #expect(SignalPool(simulation.evidence).usualWeights == pool.usualWeights)
  }

  @Test func `regression finds the weights it was given`() {
    var inputs: [Double] = []
    var targets: [Double] = []
    for i in 0..<400 {
      let x = Double(i % 20) / 10 - 1
      let y = Double(i / 20) / 10 - 1
      inputs += [x, y, 1]
      let scores = [0.0, 2 * x - 1, -y + 0.5]
      let exponentials = scores.map { exponential($0) }
      targets += exponentials.map { $0 / exponentials.reduce(0, +) }
    }
    let fitted = SoftmaxRegression(
      inputs: inputs, targets: targets, classes: 3, prior: [Double](repeating: 0, count: 9), penalty: 1e-6)
    // Only differences between classes matter.
    let differences = (0..<3).map { fitted.weights[3 + $0] - fitted.weights[$0] }
    #expect(largestDifference(differences, [2, 0, -1]) < 1e-2, "\(differences)")
    #expect(largestDifference(fitted([0.3, -0.2, 1]), Array(targetsOf(0.3, -0.2))) < 1e-3)
  }

  private func targetsOf(_ x: Double, _ y: Double) -> [Double] {
    let exponentials = [0.0, 2 * x - 1, -y + 0.5].map { exponential($0) }
    return exponentials.map { $0 / exponentials.reduce(0, +) }
  }
}
