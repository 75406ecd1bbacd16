/// The signals of a sample as numbers of about the same size.
struct VoteFeatures {
  private let evidence: Evidence
  private let classes: Int
  private let scalars: [[Double]]
  /// What networks that learned from the samples said: read at the end of a row.
  private let learning: (probabilities: [Double], scalars: [[Double]])?

  /// - Parameter readsLearning: also reads what networks said about samples that they learned from.
  init(_ evidence: Evidence, readsLearning: Bool) {
    self.evidence = evidence
    classes = evidence.classes.count
    scalars = [evidence.importance, evidence.instability, evidence.flipDivergence, evidence.isolation]
      .filter { !$0.isEmpty }.map { Self.standardised($0) { _ in true } }
    guard readsLearning, let dynamics = evidence.dynamics else {
      learning = nil
      return
    }
    // SCN's numbers are those of its own networks.
    learning = (
      dynamics.probabilities,
      [Self.standardised(dynamics.variability) { dynamics.networks[$0] > 0 }]
        + [dynamics.importance, dynamics.relabelledShare].map {
          Self.standardised($0) { dynamics.selfCureNetworks[$0] > 0 }
        }
    )
  }

  /// True for samples about which there is all that a row needs.
  func covers(_ index: Int) -> Bool { learning == nil || evidence.dynamics.map { $0.networks[index] > 0 } == true }

  /// The label that the people who voted on a sample were up against.
  func judgedLabel(_ index: Int) -> Int { evidence.formerLabels[index] ?? evidence.labels[index] }

  /// Numbers a row has.
  var count: Int {
    classes * (2 + (evidence.neighbours.isEmpty ? 0 : 1)) + scalars.count
      + (learning.map { classes + $0.scalars.count } ?? 0)
  }

  /// Log-probabilities out of fold, the label, the neighbours' classes, what says how sure all that is, and the learning.
  func row(_ index: Int, label: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count)
    result += centred(evidence.probabilities, index, floor: 1e-4)
    for k in 0..<classes { result.append(label == k ? 1 : 0) }
    if !evidence.neighbours.isEmpty { result += centred(evidence.neighbours, index, floor: 0.02) }
    for scalar in scalars { result.append(scalar[index]) }
    if let learning {
      result += centred(learning.probabilities, index, floor: 1e-4)
      for scalar in learning.scalars { result.append(scalar[index]) }
    }
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

  /// Weights for shorter rows, made to fit these: a share of what was believed of networks that held a sample out is believed
  /// of those that learned from it instead.
  func extended(_ weights: [Double], of other: VoteFeatures, share: Double) -> [Double] {
    (0..<classes).flatMap { k -> [Double] in
      let own = Array(weights[(k * other.count)..<((k + 1) * other.count)])
      let networks = own[..<classes]
      return networks.map { (1 - share) * $0 } + own[classes...] + networks.map { share * $0 }
        + [Double](repeating: 0, count: count - other.count - classes)
    }
  }

  private func centred(_ matrix: [Double], _ index: Int, floor: Double) -> [Double] {
    let logs = (0..<classes).map { safeLog(max(floor, matrix[index * classes + $0])) }
    let mean = logs.reduce(0, +) / Double(classes)
    return logs.map { $0 - mean }
  }

  private static func standardised(_ values: [Double], where counts: (Int) -> Bool) -> [Double] {
    let counted = values.indices.filter(counts).map { values[$0] }
    let mean = counted.reduce(0, +) / Double(max(1, counted.count))
    let variance = counted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, counted.count))
    let deviation = max(1e-9, variance.squareRoot())
    return values.map { max(-4, min(4, ($0 - mean) / deviation)) }
  }
}
