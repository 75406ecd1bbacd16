internal import Curation

/// How all signals and the given label tell what voters would say, learned from the votes that are known.
///
/// Two regressions on the same features: one on the class that the majority named, for confidence, and one on the whole
/// distribution of votes, for faces that two labels share. Both are fitted crosswise: the signals of a sample with votes
/// are read by a regression that knows neither its votes nor those of its fold, and identical pictures share a fold.
struct VoteRegression {
  /// The probability of each class, [N, C].
  private(set) var posterior: [Double]
  /// The expected share of votes of each class, [N, C].
  private(set) var shares: [Double]

  /// Pulls the weights to what is believed without votes: as much as this many pictures would.
  private static let penalty = 3.0

  /// - Parameters:
  ///   - truth: the class that most voters named, by position, one entry for each distinct picture.
  ///   - start: the posterior without votes.
  init(_ evidence: Evidence, truth: [Int: Int], start: [Double]) {
    let classes = evidence.classes.count
    let inputs = Features(evidence)
    posterior = start
    shares = start
    let folds = evidence.labels.indices.map { Self.fold($0, evidence) }
    let counted = truth.keys.sorted()
    var distributions: [Int: [Double]] = [:]
    var seen: Set<String> = []
    for (index, known) in evidence.votes.sorted(by: { $0.key < $1.key }) {
      guard seen.insert(evidence.samples[index].pixelHash).inserted,
        let distribution = VoteTruth.distribution(known, classes: evidence.classes)
      else { continue }
      distributions[index] = distribution.map { Double($0) }
    }
    let voted = distributions.keys.sorted()
    let prior = inputs.prior(counted.map { (inputs.judgedLabel($0), truth[$0] ?? 0) })
    for fold in [nil] + Set(folds).sorted().map(Optional.some) {
      func fit(_ rows: [Int], _ target: (Int) -> [Double], from weights: [Double]) -> SoftmaxRegression {
        SoftmaxRegression(
          inputs: rows.flatMap { inputs.row($0, label: inputs.judgedLabel($0)) }, targets: rows.flatMap(target),
          classes: classes, prior: weights,
          penalty: Self.penalty)
      }
      let majority = fit(
        counted.filter { folds[$0] != fold },
        { index in (0..<classes).map { $0 == truth[index] ? 1 : 0 } }, from: prior)
      // The distribution is close to the majority, so that its weights are a better place to start.
      let whole = fit(
        voted.filter { folds[$0] != fold }, { distributions[$0] ?? [] }, from: majority.weights)
      for index in evidence.labels.indices {
        let isKnown = evidence.votes[index] != nil
        guard fold == nil ? !isKnown : isKnown && folds[index] == fold else { continue }
        let row = inputs.row(index, label: evidence.labels[index])
        let range = (index * classes)..<((index + 1) * classes)
        posterior.replaceSubrange(range, with: majority(row))
        shares.replaceSubrange(range, with: whole(row))
      }
    }
  }

  /// The network that held a sample out; samples that no network saw are dealt by their picture.
  private static func fold(_ index: Int, _ evidence: Evidence) -> Int {
    if let fold = evidence.heldOutBy[index] { return fold }
    return evidence.samples[index].pixelHash.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xffff } % 3
  }

  /// The signals of a sample as numbers of about the same size.
  struct Features {
    private let evidence: Evidence
    private let classes: Int
    private let scalars: [[Double]]

    init(_ evidence: Evidence) {
      self.evidence = evidence
      classes = evidence.classes.count
      scalars = [evidence.importance, evidence.instability, evidence.flipDivergence, evidence.isolation]
        .filter { !$0.isEmpty }.map(Self.standardised)
    }

    /// The label that the people who voted on a sample were up against.
    func judgedLabel(_ index: Int) -> Int { evidence.formerLabels[index] ?? evidence.labels[index] }

    /// Numbers a row has.
    var count: Int { classes * (2 + (evidence.neighbours.isEmpty ? 0 : 1)) + scalars.count }

    /// Log-probabilities out of fold, the label, the neighbours' classes, and what says how sure all that is.
    func row(_ index: Int, label: Int) -> [Double] {
      var result: [Double] = []
      result.reserveCapacity(count)
      result += centred(evidence.probabilities, index, floor: 1e-4)
      for k in 0..<classes { result.append(label == k ? 1 : 0) }
      if !evidence.neighbours.isEmpty { result += centred(evidence.neighbours, index, floor: 0.02) }
      for scalar in scalars { result.append(scalar[index]) }
      return result
    }

    /// Where the weights start: what networks and labels say, taken at their word; [C, F].
    func prior(_ counted: [(label: Int, truth: Int)]) -> [Double] {
      let transition = EvidenceRecorder.transition(counted, classes: classes)
      return (0..<classes).flatMap { k -> [Double] in
        let networks = (0..<classes).map { $0 == k ? 1.0 : 0 }
        let labels = (0..<classes).map { safeLog(Double(transition[k][$0])) }
        return networks + labels + [Double](repeating: 0, count: count - 2 * classes)
      }
    }

    private func centred(_ matrix: [Double], _ index: Int, floor: Double) -> [Double] {
      let logs = (0..<classes).map { safeLog(max(floor, matrix[index * classes + $0])) }
      let mean = logs.reduce(0, +) / Double(classes)
      return logs.map { $0 - mean }
    }

    private static func standardised(_ values: [Double]) -> [Double] {
      let mean = values.reduce(0, +) / Double(max(1, values.count))
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))
      let deviation = max(1e-9, variance.squareRoot())
      return values.map { max(-4, min(4, ($0 - mean) / deviation)) }
    }
  }
}
