#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Adds up what one network said about its own samples, epoch by epoch; its size does not depend on their number.
struct DynamicsAccumulator {
  private let labels: [Int]
  private let classes: Int
  private let epochs: Int
  private var result: Dynamics
  private var seen: [Int]
  private var seenLate: [Int]
  private var sumOfSquares: [Double]
  private var wasRight: [Bool]

  /// - Parameters:
  ///   - labels: what the network was told each sample is.
  ///   - epochs: how many epochs there will be; importance is averaged over the second half.
  init(labels: [Int], classes: Int, epochs: Int) {
    self.labels = labels
    self.classes = classes
    self.epochs = epochs
    result = Dynamics(count: labels.count, classes: classes)
    seen = [Int](repeating: 0, count: labels.count)
    seenLate = seen
    sumOfSquares = [Double](repeating: 0, count: labels.count)
    wasRight = [Bool](repeating: false, count: labels.count)
  }

  /// Adds one epoch, counted from 1.
  mutating func add(_ recording: EpochRecording, epoch: Int) {
    let isLate = 2 * epoch > epochs
    var p = [Double](repeating: 0, count: classes)
    recording.logits.withUnsafeBufferPointer { logits in
      guard let base = logits.baseAddress else { return }
      for (row, label) in labels.enumerated() where recording.isSeen[row] {
        let z = base + row * classes
        softmax(z, classes, into: &p)
        var other = -Float.infinity
        for k in 0..<classes where k != label { other = max(other, z[k]) }
        let isRight = z[label] > other
        result.margin[row] += Double(z[label] - other)
        result.confidence[row] += p[label]
        for k in 0..<classes { result.courseProbabilities[row * classes + k] += p[k] }
        sumOfSquares[row] += p[label] * p[label]
        if isRight { result.correctness[row] += 1 }
        if wasRight[row] && !isRight { result.forgetting[row] += 1 }
        wasRight[row] = isRight
        seen[row] += 1
        guard isLate else { continue }
        seenLate[row] += 1
        guard !recording.importance.isEmpty else { continue }
        result.selfCureNetworks[row] = 1
        result.importance[row] += Double(recording.importance[row])
      }
    }
  }

  /// The means, with what the network says in the end and what SCN relabelled.
  ///
  /// - Parameter looks: what it said about the pictures unchanged, and their mirror images, after each of the last epochs.
  func finished(looks: [PassRecording], relabelEpochs: [Int]) -> Dynamics {
    var dynamics = result
    var p = [Double](repeating: 0, count: classes)
    let views = looks.flatMap { $0.flipped.isEmpty ? [$0.logits] : [$0.logits, $0.flipped] }
    for row in labels.indices where seen[row] > 0 && seenLate[row] > 0 {
      let count = Double(seen[row])
      dynamics.networks[row] = 1
      dynamics.margin[row] /= count
      dynamics.confidence[row] /= count
      let variance = sumOfSquares[row] / count - dynamics.confidence[row] * dynamics.confidence[row]
      dynamics.variability[row] = max(0, variance).squareRoot()
      dynamics.correctness[row] /= count
      for k in 0..<classes { dynamics.courseProbabilities[row * classes + k] /= count }
      dynamics.importance[row] /= Double(seenLate[row])
      for view in views {
        view.withUnsafeBufferPointer { logits in
          if let base = logits.baseAddress { softmax(base + row * classes, classes, into: &p) }
        }
        for k in 0..<classes { dynamics.probabilities[row * classes + k] += p[k] / Double(views.count) }
      }
      let given = dynamics.probabilities[row * classes + labels[row]]
      dynamics.loss[row] = -safeLog(views.isEmpty ? dynamics.confidence[row] : given)
      dynamics.relabelEpoch[row] = relabelEpochs[row]
      dynamics.relabelledShare[row] = relabelEpochs[row] > 0 ? 1 : 0
    }
    return dynamics
  }
}

extension Dynamics {
  /// Adds what one network saw: sums, to be divided by `networks` at the end.
  mutating func add(_ other: Dynamics, row: Int, to index: Int, classes: Int) {
    guard other.networks[row] > 0 else { return }
    addSelfCure(other, row: row, to: index)
    networks[index] += 1
    margin[index] += other.margin[row]
    confidence[index] += other.confidence[row]
    variability[index] += other.variability[row]
    correctness[index] += other.correctness[row]
    forgetting[index] += other.forgetting[row]
    loss[index] += other.loss[row]
    for k in 0..<classes {
      probabilities[index * classes + k] += other.probabilities[row * classes + k]
      courseProbabilities[index * classes + k] += other.courseProbabilities[row * classes + k]
    }
  }

  /// Adds what SCN alone knows: importance and relabels.
  mutating func addSelfCure(_ other: Dynamics, row: Int, to index: Int) {
    guard other.selfCureNetworks[row] > 0 else { return }
    selfCureNetworks[index] += 1
    importance[index] += other.importance[row]
    relabelledShare[index] += other.relabelledShare[row]
    let epoch = other.relabelEpoch[row]
    if epoch > 0 { relabelEpoch[index] = relabelEpoch[index] == 0 ? epoch : min(relabelEpoch[index], epoch) }
  }

  /// The one row of `index`, as a network's dynamics of a single sample.
  func row(_ index: Int, classes: Int) -> Dynamics {
    var single = Dynamics(count: 1, classes: classes)
    single.add(self, row: index, to: 0, classes: classes)
    return single
  }

  /// Turns sums over networks into means.
  mutating func divide(classes: Int) {
    for index in networks.indices where networks[index] > 1 {
      let count = Double(networks[index])
      margin[index] /= count
      confidence[index] /= count
      variability[index] /= count
      correctness[index] /= count
      forgetting[index] /= count
      loss[index] /= count
      for k in 0..<classes {
        probabilities[index * classes + k] /= count
        courseProbabilities[index * classes + k] /= count
      }
    }
    for index in selfCureNetworks.indices where selfCureNetworks[index] > 1 {
      importance[index] /= Double(selfCureNetworks[index])
      relabelledShare[index] /= Double(selfCureNetworks[index])
    }
  }
}
