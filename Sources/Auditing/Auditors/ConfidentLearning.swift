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

  let labels: [Int]
  let probabilities: [Double]
  let classes: Int
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
    let (limits, classes) = (thresholds.map { $0 - 1e-6 }, classes)
    return map { index, p in
      let row = index * classes
      var (first, count) = (classes, 0)
      for k in 0..<classes {
        // No branches: which classes are above their thresholds would be guessed wrong too often.
        let confident = p[row + k] >= limits[k]
        first = min(first, confident ? k : classes)
        count += confident ? 1 : 0
      }
      guard count > 1 else { return count == 0 ? -1 : first }
      return (1..<classes).reduce(0) { p[row + $1] > p[row + $0] ? $1 : $0 }
    }
  }

  /// What is worked out on all cores of each run of samples, in order.
  static func inRuns<Result>(of count: Int, _ result: @Sendable (Range<Int>) -> Result) -> [Result] {
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
      mask = pruned(filter, fewestOfClass)
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
      let (row, label) = (index * classes, labels[index])
      let given = p[row + label] + 1e-6
      var predictedOther = false
      for k in 0..<classes where k != label {
        // The first of equal ones counts as the largest. To leave the loop early would cost a branch that is guessed wrong.
        predictedOther = p[row + k] > given || p[row + k] == given && k < label || predictedOther
      }
      return predictedOther
    }
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
      var (low, high) = (0, a.count)
      while high - low > 1 {
        let (x, y, z) = (a[low], a[low + (high - low) / 2], a[high - 1])
        let pivot = max(min(x, y), min(max(x, y), z))
        let less = partition(a, low, high) { $0 < pivot }
        if rank < less {
          high = less
          continue
        }
        let most = partition(a, less, high) { $0 <= pivot }
        if rank < most { return pivot }
        low = most
      }
      return a[low]
    }
  }

  /// Brings what belongs first to the front of a range; the position of what follows.
  @inline(__always)
  private static func partition(
    _ a: UnsafeMutableBufferPointer<Double>, _ low: Int, _ high: Int, _ first: (Double) -> Bool
  ) -> Int {
    var border = low
    for index in low..<high {
      // Exchanged in any case and counted where it belongs: a branch would be guessed wrong half of the time.
      let value = a[index]
      a[index] = a[border]
      a[border] = value
      border += first(value) ? 1 : 0
    }
    return border
  }
}
