internal import Curation
internal import Randomness

/// How all signals and the given label tell what voters would say, learned from the votes that are known.
///
/// Two regressions on the same features: one on the class that the majority named, for confidence, and one on the whole
/// distribution of votes, for faces that two labels share. Both are fitted crosswise: the signals of a sample with votes
/// are read by a regression that knows neither its votes nor those of its fold, and identical pictures share a fold.
///
/// Networks that learned from a sample's votes have seen the answer. What networks say about samples they learned from is
/// therefore read only where they learned from the label alone: on samples without votes, by regressions that are
/// fitted to the probes, samples whose votes no network was shown.
struct VoteRegression {
  /// The probability of each class, [N, C].
  private(set) var posterior: [Double]
  /// The same under the labels that people were asked about, where decisions have changed them since.
  private(set) var asked: [Double]
  /// The expected share of votes of each class, [N, C].
  private(set) var shares: [Double]

  /// How strongly weights are pulled to what is believed before: as much as this many pictures would.
  ///
  /// The one with which each half of the pictures tells the other best is taken.
  private static let penalties = [3.0, 30, 300]
  /// More pictures than this need no pull that is chosen for them: the weakest will do.
  private static let fewPictures = 3000
  /// Ways to read what networks said about samples that they learned from: the share of the belief that they start with, and the
  /// pull back to that.
  ///
  /// Shown no votes, the network of all samples knows more than those of the folds: it starts with half of the belief at least.
  private static func readings(showsVotes: Bool) -> [(share: Double, penalty: Double)] {
    (showsVotes ? [0, 0.5] : [0.5, 0.85]).flatMap { share in [30, 300, 3000].map { (share, $0) } }
  }
  /// Fewer probes than this teach nothing.
  static let fewestProbes = 200

  private let evidence: Evidence
  private let classes: Int
  private let folds: [Int]
  private let truth: [Int: Int]
  private let distributions: [Int: [Double]]

  /// - Parameter truth: the class that most voters named, by position, one entry for each distinct picture.
  init(_ evidence: Evidence, truth: [Int: Int]) {
    self.evidence = evidence
    self.truth = truth
    classes = evidence.classes.count
    folds = evidence.labels.indices.map { Self.fold($0, evidence) }
    let distributions = evidence.teachingVotes().compactMapValues {
      VoteTruth.distribution($0, classes: evidence.classes)?.map { Double($0) }
    }
    self.distributions = distributions
    posterior = [Double](repeating: 0, count: evidence.count * classes)
    asked = posterior
    shares = posterior
    let votedFolds = Self.votedFolds(evidence)
    let outside = VoteFeatures(evidence, readsLearning: false)
    let inside = VoteFeatures(evidence, readsLearning: true)
    let probes = evidence.probes.filter { inside.covers($0) }
    let readsLearning = probes.count { truth[$0] != nil } >= Self.fewestProbes
    let readings = Self.readings(showsVotes: evidence.showsVotes)
    for fold in [nil] + Set(folds).sorted().map(Optional.some) {
      let isOther = { (index: Int) in folds[index] != fold }
      let counted = truth.keys.filter(isOther).sorted()
      let prior = outside.prior(counted.map { (outside.judgedLabel($0), truth[$0] ?? 0) })
      let pull =
        counted.count > Self.fewPictures
        ? Self.penalties[0] : Self.penalties[best(of: Self.penalties.map { (prior, $0) }, counted, outside)]
      let plain = fit(outside, counted, distributions.keys.filter(isOther).sorted(), from: prior, penalty: pull)
      var deep: (majority: SoftmaxRegression, whole: SoftmaxRegression)?
      if readsLearning {
        let own = probes.filter(isOther).sorted()
        let decided = own.filter { truth[$0] != nil }
        let ways = readings.map {
          (inside.extended(plain.majority.weights, of: outside, share: $0.share), $0.penalty)
        }
        let reading = readings[best(of: ways, decided, inside)]
        deep = fit(
          inside, decided, own.filter { distributions[$0] != nil },
          from: inside.extended(plain.majority.weights, of: outside, share: reading.share),
          whole: inside.extended(plain.whole.weights, of: outside, share: reading.share), penalty: reading.penalty)
      }
      for index in evidence.labels.indices where votedFolds[index] == fold {
        if let deep, fold == nil || evidence.probes.contains(index), inside.covers(index) {
          read(index, inside, deep)
        } else {
          read(index, outside, plain)
        }
      }
    }
  }

  /// - Parameters:
  ///   - counted: samples with a majority, for the first regression.
  ///   - voted: samples with a distribution, for the second.
  ///   - prior: where the first one's weights start and are pulled to.
  ///   - whole: the same for the second; nil takes the weights that the first one ends with.
  private func fit(
    _ features: VoteFeatures, _ counted: [Int], _ voted: [Int], from prior: [Double], whole: [Double]? = nil,
    penalty: Double
  ) -> (majority: SoftmaxRegression, whole: SoftmaxRegression) {
    let majority = regression(features, counted, from: prior, penalty: penalty, target: isMajority)
    // The distribution is close to the majority, so that its weights are a better place to start.
    let shares = regression(features, voted, from: whole ?? majority.weights, penalty: penalty) {
      distributions[$0] ?? []
    }
    return (majority, shares)
  }

  private func regression(
    _ features: VoteFeatures, _ rows: [Int], from prior: [Double], penalty: Double, target: (Int) -> [Double]
  ) -> SoftmaxRegression {
    SoftmaxRegression(
      inputs: rows.flatMap { features.row($0, label: features.judgedLabel($0)) }, targets: rows.flatMap(target),
      classes: classes, prior: prior, penalty: penalty)
  }

  private func isMajority(_ index: Int) -> [Double] { (0..<classes).map { $0 == truth[index] ? 1 : 0 } }

  /// The start and penalty with which each half of the pictures tells the other one best.
  private func best(
    of ways: [(prior: [Double], penalty: Double)], _ pictures: [Int], _ features: VoteFeatures
  ) -> Int {
    // Shuffled: every second picture may be of the same few classes.
    var generator = SeededGenerator(seed: 0, "halves")
    let shuffled = pictures.shuffled(using: &generator)
    let halves = [Array(shuffled[..<(shuffled.count / 2)]), Array(shuffled[(shuffled.count / 2)...])]
    let losses = ways.map { way in
      halves.indices.reduce(0.0) { sum, half in
        let taught = regression(
          features, halves[1 - half], from: way.prior, penalty: way.penalty, target: isMajority)
        return halves[half].reduce(sum) { sum, index in
          let said = taught(features.row(index, label: features.judgedLabel(index)))
          return sum - safeLog(max(1e-9, said[truth[index] ?? 0]))
        }
      }
    }
    return losses.indices.min { losses[$0] < losses[$1] } ?? 0
  }

  private mutating func read(
    _ index: Int, _ features: VoteFeatures, _ regressions: (majority: SoftmaxRegression, whole: SoftmaxRegression)
  ) {
    let row = features.row(index, label: evidence.labels[index])
    let range = (index * classes)..<((index + 1) * classes)
    let majority = regressions.majority(row)
    posterior.replaceSubrange(range, with: majority)
    shares.replaceSubrange(range, with: regressions.whole(row))
    let judged = features.judgedLabel(index)
    asked.replaceSubrange(
      range,
      with: judged == evidence.labels[index] ? majority : regressions.majority(features.row(index, label: judged)))
  }

  /// The network that held a sample out; samples that no network saw are dealt by their picture.
  static func fold(_ index: Int, _ evidence: Evidence) -> Int {
    if let fold = evidence.heldOutBy[index] { return fold }
    return evidence.samples[index].pixelHash.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xffff } % 3
  }

  /// The fold of each sample whose picture has votes, its own or a copy's, which must not speak for it; nil for the others.
  static func votedFolds(_ evidence: Evidence) -> [Int?] {
    let voted = Set(evidence.votes.keys.map { evidence.samples[$0].pixelHash })
    return evidence.labels.indices.map {
      voted.contains(evidence.samples[$0].pixelHash) ? fold($0, evidence) : nil
    }
  }
}
