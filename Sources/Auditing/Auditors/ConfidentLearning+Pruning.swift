internal import Dispatch

/// What the filters that prune pick: as many labels of a class, or of a pair of classes, as the joint counts.
extension ConfidentLearning {
  /// A sample that may be picked: of a label, for another class, or for the label itself where its confidence ranks.
  private struct Candidate {
    var position: Int32
    /// The class that speaks against the label; the label itself for all of its samples.
    var other: Int32
    /// The label's probability less the other class's; the label's alone for itself.
    var value: Double
  }

  /// The ways to prune that picked a sample.
  private struct Ways: OptionSet {
    let rawValue: UInt8
    static let noiseRate = Ways(rawValue: 1)
    static let byClass = Ways(rawValue: 2)
  }

  /// What `pruneByNoiseRate`, `pruneByClass` or both of them pick; classes of no more than `fewest` samples are left alone.
  func pruned(_ filter: Filter, _ fewest: Int) -> [Bool] {
    let ways: Ways = filter == .both ? [.noiseRate, .byClass] : filter == .pruneByClass ? .byClass : .noiseRate
    let (prunes, runs) = (prunes(fewest), candidates(pairs: ways.contains(.noiseRate)))
    let picks = [Ways](unsafeUninitializedCapacity: labels.count) { picks, initialized in
      picks.initialize(repeating: [])
      nonisolated(unsafe) let picks = picks
      // A sample has one label: no two cores write to the same place.
      DispatchQueue.concurrentPerform(iterations: classes) { label in
        let candidates = byOther(runs.map { $0[label] })
        let members = candidates[label]
        guard members.count > max(1, fewest) else { return }
        if ways.contains(.byClass) {
          pick(members.count - prunes[label][label], of: members) { picks[$0].insert(.byClass) }
        }
        guard ways.contains(.noiseRate) else { return }
        for other in 0..<classes where other != label && prunes[other][label] > 0 {
          // Seldom are more samples of a pair picked than have the other class ahead.
          let enough = candidates[other].count >= prunes[other][label]
          pick(prunes[other][label], of: enough ? candidates[other] : margins(of: members, over: other)) {
            picks[$0].insert(.noiseRate)
          }
        }
      }
      initialized = labels.count
    }
    return picks.map { $0 == ways }
  }

  /// How many samples to pick, by true class (row) and given label (column); the diagonal is what stays.
  private func prunes(_ fewest: Int) -> [[Int]] {
    let joint = calibratedJoint()
    var matrix = (0..<classes).map { k in (0..<classes).map { Double(joint[$0][k]) } }
    var lifted = [Double](repeating: 0, count: classes)
    for y in 0..<classes {
      let stays = max(matrix[y][y], Double(fewest))
      let cells = Double(max((0..<classes).count { matrix[$0][y] != 0 } - 1, 1))
      let share = (stays - matrix[y][y]) / cells
      for k in 0..<classes { matrix[k][y] = max(0, matrix[k][y] - share) }
      lifted[y] = stays
    }
    for y in 0..<classes { matrix[y][y] = lifted[y] }
    return matrix.map { Self.rounded($0.map { $0.rounded(.towardZero) }) }
  }

  private func pick(_ count: Int, of candidates: [Candidate], _ picked: (Int) -> Void) {
    for index in Self.smallest(count, of: candidates.map(\.value)) { picked(Int(candidates[index].position)) }
  }

  private func margins(of members: [Candidate], over other: Int) -> [Candidate] {
    members.map {
      let rival = probabilities[Int($0.position) * classes + other]
      return Candidate(position: $0.position, other: Int32(other), value: $0.value - rival)
    }
  }

  /// The candidates of one label by the class that speaks against it, each in the order of samples.
  private func byOther(_ runs: [[Candidate]]) -> [[Candidate]] {
    var starts = [Int](repeating: 0, count: classes + 1)
    for run in runs { for candidate in run { starts[Int(candidate.other) + 1] += 1 } }
    for other in 0..<classes { starts[other + 1] += starts[other] }
    var ends = starts
    return withUnsafeTemporaryAllocation(of: Candidate.self, capacity: starts[classes]) { sorted in
      for run in runs {
        for candidate in run {
          sorted.initializeElement(at: ends[Int(candidate.other)], to: candidate)
          ends[Int(candidate.other)] += 1
        }
      }
      return (0..<classes).map { Array(sorted[starts[$0]..<ends[$0]]) }
    }
  }

  /// Of each run of samples, by label: every sample, and with `pairs` every class that is more probable than its label.
  private func candidates(pairs: Bool) -> [[[Candidate]]] {
    probabilities.withUnsafeBufferPointer { p in
      nonisolated(unsafe) let p = p
      return Self.inRuns(of: labels.count) { run in candidates(in: run, p, pairs: pairs) }
    }
  }

  private func candidates(in run: Range<Int>, _ p: UnsafeBufferPointer<Double>, pairs: Bool) -> [[Candidate]] {
    let (classes, room) = (classes, max(512, 4 * classes))
    var result = [[Candidate]](repeating: [], count: classes)
    for label in result.indices { result[label].reserveCapacity(run.count * 3 / classes) }
    withUnsafeTemporaryAllocation(of: Candidate.self, capacity: classes * room) { scratch in
      var counts = [Int](repeating: 0, count: classes)
      func empty(_ label: Int) {
        result[label] += scratch.extracting((label * room)..<(label * room + counts[label]))
        counts[label] = 0
      }
      for index in run {
        let (label, row) = (labels[index], index * classes)
        if counts[label] + classes >= room { empty(label) }
        let (position, given) = (Int32(index), p[row + label])
        var place = label * room + counts[label]
        scratch.initializeElement(at: place, to: Candidate(position: position, other: Int32(label), value: given))
        place += 1
        for other in 0..<(pairs ? classes : 0) {
          // Written in any case and kept where it counts: a branch would be guessed wrong too often.
          let rival = p[row + other]
          let candidate = Candidate(position: position, other: Int32(other), value: given - rival)
          scratch.initializeElement(at: place, to: candidate)
          place += rival > given ? 1 : 0
        }
        counts[label] = place - label * room
      }
      for label in result.indices { empty(label) }
    }
    return result
  }
}
