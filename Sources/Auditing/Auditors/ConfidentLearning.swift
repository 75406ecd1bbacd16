internal import CVectorMath
internal import Dispatch

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Confident learning: which labels are wrong, from labels and out-of-sample probabilities alone.
///
/// Source: Northcutt et al. 2021. Counts, scores and filters are those of cleanlab 2.9.0, number for number. Labels are 0 ..< C, probabilities are
/// [N, C] row by row.
public struct ConfidentLearning: Sendable {
  /// How wrong labels are picked out.
  public enum Filter: String, Sendable, CaseIterable, Codable {
    /// Of each pair of classes as many as the joint counts, those of the largest margin.
    case pruneByNoiseRate = "prune_by_noise_rate"
    /// Of each class as many as the joint counts, those of the smallest self-confidence.
    case pruneByClass = "prune_by_class"
    /// What both of these pick.
    case both
    /// What is counted off the joint's diagonal.
    case confidentLearning = "confident_learning"
    /// Where the most probable class is another one.
    case predictedNotGiven = "predicted_neq_given"
    /// As many as are counted off the diagonal, those of the smallest normalized margin.
    case lowNormalizedMargin = "low_normalized_margin"
    /// As many as are counted off the diagonal, those of the smallest self-confidence.
    case lowSelfConfidence = "low_self_confidence"
  }

  /// How labels are ranked; low is bad.
  public enum Score: String, Sendable, CaseIterable, Codable {
    /// The given label's probability.
    case selfConfidence = "self_confidence"
    /// (the given label's probability - the largest other one + 1) / 2.
    case normalizedMargin = "normalized_margin"
    /// With s = normalized entropy / self-confidence: ln(s + 1) / s.
    case confidenceWeightedEntropy = "confidence_weighted_entropy"
  }

  private let labels: [Int]
  private let probabilities: [Double]
  private let classes: Int
  /// The mean probability of each class among samples labelled so; 2, which nothing reaches, for classes without any.
  public let thresholds: [Double]

  /// Takes labels and probabilities.
  public init(labels: [Int], probabilities: [Double], classes: Int) {
    precondition(probabilities.count == labels.count * classes, "Probabilities are N x C")
    self.labels = labels
    self.probabilities = probabilities
    self.classes = classes
    let parts = Self.inRuns(of: labels.count) { run in
      var (sums, counts) = ([Double](repeating: 0, count: classes), [Int](repeating: 0, count: classes))
      for index in run {
        sums[labels[index]] += probabilities[index * classes + labels[index]]
        counts[labels[index]] += 1
      }
      return (sums, counts)
    }
    let sums = (0..<classes).map { k in parts.reduce(0) { $0 + $1.0[k] } }
    let counts = (0..<classes).map { k in parts.reduce(0) { $0 + $1.1[k] } }
    thresholds = (0..<classes).map { counts[$0] == 0 ? 2 : max(2e-6, sums[$0] / Double(counts[$0])) }
  }

  /// The class that a sample confidently belongs to, for each sample; -1 for none.
  private func confidentClasses() -> [Int] {
    let limits = thresholds.map { $0 - 1e-6 }
    return map { index, p in
      let start = index * classes
      var (first, count, best) = (-1, 0, 0)
      for k in 0..<classes {
        if p[start + k] >= limits[k] {
          if first < 0 { first = k }
          count += 1
        }
        if p[start + k] > p[start + best] { best = k }
      }
      return count > 1 ? best : first
    }
  }

  /// What is worked out on all cores of each run of samples, in order.
  private static func inRuns<Result>(of count: Int, _ result: @Sendable (Range<Int>) -> Result) -> [Result] {
    let length = 1 << 16
    let runs = (count + length - 1) / length
    return [Result](unsafeUninitializedCapacity: runs) { buffer, initialized in
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: runs) { number in
        (buffer.baseAddress.map { $0 + number })?
          .initialize(to: result(number * length..<min((number + 1) * length, count)))
      }
      initialized = runs
    }
  }

  /// A value for every sample, worked out on all cores.
  private func map<Value: Sendable>(_ value: @Sendable (Int, UnsafeBufferPointer<Double>) -> Value) -> [Value] {
    filled { run, p, result in for index in run { result.initializeElement(at: index, to: value(index, p)) } }
  }

  /// A value for every sample, filled in run by run on all cores.
  private func filled<Value>(
    _ fill: @Sendable (Range<Int>, UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Value>) -> Void
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: labels.count) { buffer, initialized in
      probabilities.withUnsafeBufferPointer { p in
        nonisolated(unsafe) let (buffer, p) = (buffer, p)
        _ = Self.inRuns(of: labels.count) { run in fill(run, p, buffer) }
      }
      initialized = labels.count
    }
  }

  /// Counts of given label (row) and confident class (column), the diagonal at least 1.
  public func confidentJoint() -> [[Int]] { joint(confidentClasses()) }

  private func joint(_ confident: [Int]) -> [[Int]] {
    let parts = Self.inRuns(of: labels.count) { run in
      var counts = [Int](repeating: 0, count: classes * classes)
      for index in run where confident[index] >= 0 { counts[labels[index] * classes + confident[index]] += 1 }
      return counts
    }
    let counts = (0..<classes * classes).map { cell in parts.reduce(0) { $0 + $1[cell] } }
    return (0..<classes).map { row in
      (0..<classes).map { row == $0 ? max(1, counts[row * classes + $0]) : counts[row * classes + $0] }
    }
  }

  /// The joint with each row scaled to the count of its label, in whole numbers that keep the rows' sums.
  public func calibratedJoint() -> [[Int]] { calibrated(confidentJoint()) }

  private func calibrated(_ joint: [[Int]]) -> [[Int]] {
    var counts = [Int](repeating: 0, count: classes)
    for label in labels { counts[label] += 1 }
    var scaled = zip(joint, counts).map { row, count in
      let sum = max(Double(row.reduce(0, +)), 1e-100)
      return row.map { Double($0) / sum * Double(count) }
    }
    let total = max(scaled.reduce(0) { $0 + $1.reduce(0, +) }, 1e-100)
    let wanted = Double(counts.reduce(0, +))
    scaled = scaled.map { row in row.map { $0 / total * wanted } }
    return scaled.map(Self.rounded)
  }

  /// Whole numbers with the same sum: those furthest from their rounded value give way.
  static func rounded(_ values: [Double]) -> [Int] {
    var whole = values.map { $0.rounded(.toNearestOrEven) }
    let wanted = values.reduce(0, +).rounded(.toNearestOrEven)
    var sum = whole.reduce(0, +)
    while abs(sum - wanted) > 1e-6 {
      let difference = (wanted - sum).rounded(.toNearestOrEven)
      let increment: Double = difference < 0 ? -1 : 1
      let order = values.indices.sorted { values[$0] - whole[$0] < values[$1] - whole[$1] }
      let changed = (increment < 0 ? order : order.reversed()).prefix(min(Int(abs(difference)), values.count))
      for i in changed { whole[i] += increment }
      sum = whole.reduce(0, +)
    }
    return whole.map { Int($0) }
  }

  /// The share of each pair of given label (row) and true class (column).
  public func estimatedJoint() -> [[Double]] {
    let counts = calibratedJoint()
    let total = max(Double(counts.reduce(0) { $0 + $1.reduce(0, +) }), 1e-100)
    return counts.map { row in row.map { Double($0) / total } }
  }

  /// How right each label seems; low is bad.
  public func scores(_ score: Score) -> [Double] {
    switch score {
    case .selfConfidence: map { index, p in p[index * classes + labels[index]] }
    case .normalizedMargin:
      map { index, p in
        let start = index * classes
        var other = -Double.infinity
        for k in 0..<classes where k != labels[index] { other = max(other, p[start + k]) }
        return (p[start + labels[index]] - other + 1) / 2
      }
    case .confidenceWeightedEntropy: confidenceWeightedEntropies()
    }
  }

  private func confidenceWeightedEntropies() -> [Double] {
    let logClasses = log(Double(classes))
    // So many at a time that they stay near the processor.
    let length = max(1, 4096 / classes)
    return filled { run, p, result in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: length * (classes + 1)) { scratch in
        let logarithms = UnsafeMutableBufferPointer(rebasing: scratch[length...])
        for start in stride(from: run.lowerBound, to: run.upperBound, by: length) {
          let samples = start..<min(start + length, run.upperBound)
          Self.logarithms(p[(start * classes)..<(samples.upperBound * classes)], into: logarithms)
          for index in samples {
            var sum = 0.0
            for k in 0..<classes { sum += p[index * classes + k] * logarithms[(index - start) * classes + k] }
            let scaled = -sum / logClasses / max(p[index * classes + labels[index]], 1e-6)
            result.initializeElement(at: index, to: scaled)
            scratch[index - start] = scaled + 1
          }
          Self.logarithms(UnsafeBufferPointer(scratch)[..<samples.count], into: logarithms)
          for index in samples { result[index] = logarithms[index - start] / max(result[index], 1e-6) }
        }
      }
    }
  }

  private static func logarithms(
    _ numbers: Slice<UnsafeBufferPointer<Double>>, into result: UnsafeMutableBufferPointer<Double>
  ) {
    vector_logarithms(UnsafeBufferPointer(rebasing: numbers).baseAddress, result.baseAddress, numbers.count)
  }

  /// True for the labels that a filter calls wrong.
  public func issues(_ filter: Filter, fewestOfClass: Int = 1) -> [Bool] {
    let mask: [Bool]
    switch filter {
    case .pruneByNoiseRate, .pruneByClass, .both:
      mask = pruned(prunes(fewestOfClass), fewestOfClass, filter)
    case .confidentLearning: mask = offDiagonal()
    case .predictedNotGiven: mask = [Bool](repeating: true, count: labels.count)
    case .lowNormalizedMargin, .lowSelfConfidence:
      let ranked = scores(filter == .lowNormalizedMargin ? .normalizedMargin : .selfConfidence)
      let count = withoutPredicted(offDiagonal()).count { $0 }
      var lowest = [Bool](repeating: false, count: labels.count)
      for index in Self.smallest(count, of: ranked) { lowest[index] = true }
      return lowest
    }
    return withoutPredicted(mask)
  }

  private func offDiagonal() -> [Bool] { zip(labels, confidentClasses()).map { $1 >= 0 && $0 != $1 } }

  /// The mask without the labels that are the most probable class, or less than a millionth from it.
  private func withoutPredicted(_ mask: [Bool]) -> [Bool] {
    map { index, p in
      guard mask[index] else { return false }
      let start = index * classes
      let given = p[start + labels[index]] + 1e-6
      for k in 0..<classes where k != labels[index] {
        // The first of equal ones counts as the largest.
        if p[start + k] > given || (p[start + k] == given && k < labels[index]) { return true }
      }
      return false
    }
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

  /// The positions of the samples of each label.
  private func members() -> [[Int]] {
    let parts = Self.inRuns(of: labels.count) { run in
      var result = [[Int]](repeating: [], count: classes)
      for label in result.indices { result[label].reserveCapacity(run.count * 2 / classes) }
      for index in run { result[labels[index]].append(index) }
      return result
    }
    return (0..<classes).map { label in
      [Int](unsafeUninitializedCapacity: parts.reduce(0) { $0 + $1[label].count }) { all, count in
        for part in parts {
          _ = UnsafeMutableBufferPointer(rebasing: all[count...]).initialize(from: part[label])
          count += part[label].count
        }
      }
    }
  }

  /// The picks of the filters that prune.
  private func pruned(_ prunes: [[Int]], _ fewest: Int, _ filter: Filter) -> [Bool] {
    let members = members()
    let ways: [Filter] = filter == .both ? [.pruneByNoiseRate, .pruneByClass] : [filter]
    let masks = picks(of: members.map { $0.count > max(1, fewest) ? $0 : [] }, prunes, by: ways)
    return ways.count == 1 ? masks : labels.indices.map { masks[$0] && masks[labels.count + $0] }
  }

  /// What each way to prune picks, one mask after the other; a class of the given label and a way are one piece of work for one core.
  private func picks(of members: [[Int]], _ prunes: [[Int]], by ways: [Filter]) -> [Bool] {
    [Bool](unsafeUninitializedCapacity: ways.count * labels.count) { masks, initialized in
      masks.initialize(repeating: false)
      nonisolated(unsafe) let masks = masks
      DispatchQueue.concurrentPerform(iterations: classes * ways.count) { piece in
        let (label, way) = (piece / ways.count, piece % ways.count)
        let members = members[label]
        let picked =
          ways[way] == .pruneByNoiseRate
          ? pickedByCount(members, label, prunes)
          : Self.smallest(
            members.count - prunes[label][label], of: members.map { probabilities[$0 * classes + label] })
        for position in picked { masks[way * labels.count + members[position]] = true }
      }
      initialized = ways.count * labels.count
    }
  }

  /// The positions among the members of a label that are picked pair by pair of classes.
  private func pickedByCount(_ members: [Int], _ label: Int, _ prunes: [[Int]]) -> [Int] {
    probabilities.withUnsafeBufferPointer { p in
      // Seldom are more samples of a pair picked than have the other class ahead: only those are ranked.
      let ahead = ahead(members, of: label, p)
      var result: [Int] = []
      for k in 0..<classes where k != label && prunes[k][label] > 0 {
        let candidates = ahead[k].count >= prunes[k][label] ? ahead[k] : Array(members.indices)
        let margins = candidates.map { p[members[$0] * classes + label] - p[members[$0] * classes + k] }
        result += Self.smallest(prunes[k][label], of: margins).map { candidates[$0] }
      }
      return result
    }
  }

  /// The positions among the members of a label at which each other class is more probable.
  private func ahead(_ members: [Int], of label: Int, _ p: UnsafeBufferPointer<Double>) -> [[Int]] {
    let length = 1024
    var result = [[Int]](repeating: [], count: classes)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: classes * (length + 1)) { places in
      let (counts, ahead) = (places.extracting(..<classes), places.extracting(classes...))
      for start in stride(from: 0, to: members.count, by: length) {
        counts.initialize(repeating: 0)
        for position in start..<min(start + length, members.count) {
          let row = members[position] * classes
          let given = p[row + label]
          for k in 0..<classes {
            // Written in any case and kept where it counts: a branch would be guessed wrong too often.
            ahead[k * length + counts[k]] = position
            counts[k] += p[row + k] > given ? 1 : 0
          }
        }
        for k in 0..<classes { result[k] += ahead.extracting((k * length)..<(k * length + counts[k])) }
      }
    }
    return result
  }

  /// The positions of the `count` smallest values; of equal ones at the border the first.
  static func smallest(_ count: Int, of values: [Double]) -> [Int] {
    guard count > 0 else { return [] }
    guard count < values.count else { return Array(values.indices) }
    let border = select(count - 1, of: values)
    var result: [Int] = []
    result.reserveCapacity(count)
    var equal: [Int] = []
    for (index, value) in values.enumerated() where value <= border {
      if value < border { result.append(index) } else { equal.append(index) }
    }
    return result + equal.prefix(count - result.count)
  }

  /// The value at position `rank` of the sorted values, without sorting them.
  private static func select(_ rank: Int, of values: [Double]) -> Double {
    var scratch = values
    return scratch.withUnsafeMutableBufferPointer { a in
      var (low, high) = (0, a.count - 1)
      while low < high {
        let pivot = a[low + (high - low) / 2]
        var (i, j) = (low, high)
        while i <= j {
          while a[i] < pivot { i += 1 }
          while a[j] > pivot { j -= 1 }
          if i <= j {
            a.swapAt(i, j)
            i += 1
            j -= 1
          }
        }
        if rank <= j { high = j } else if rank >= i { low = i } else { return a[rank] }
      }
      return a[low]
    }
  }
}
