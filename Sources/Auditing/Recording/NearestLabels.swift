internal import COpenBLAS
internal import Dispatch

/// The labels of the nearest training samples by the cosine of their feature vectors.
struct NearestLabels {
  private let unit: [Float]
  private let labels: [Int]
  private let distributions: [Int: [Float]]
  private let length: Int
  private let classes: Int
  private let neighbours: Int

  /// - Parameters:
  ///   - features: [M, D] of the samples whose labels are looked up.
  ///   - distributions: what stands in for the label of members on which people voted.
  ///   - length: D.
  ///   - neighbours: how many are counted.
  init(
    features: [Float], labels: [Int], distributions: [Int: [Float]] = [:], length: Int, classes: Int, neighbours: Int
  ) {
    unit = NearestLabels.unit(features, length: length)
    self.labels = labels
    self.distributions = distributions
    self.length = length
    self.classes = classes
    self.neighbours = neighbours
  }

  /// What the neighbours of each query say.
  struct Answer {
    /// The share of each class among the neighbours, weighted by rising likeness: [Q, C].
    var shares: [Double]
    /// The mean cosine to the neighbours.
    var likeness: [Double]
  }

  /// Looks up the neighbours of each query [Q, D].
  func answer(_ features: [Float]) -> Answer {
    guard length > 0, !labels.isEmpty else { return Answer(shares: [], likeness: []) }
    let queries = Self.unit(features, length: length)
    let count = queries.count / length
    var result = Answer(
      shares: [Double](repeating: 0, count: count * classes), likeness: [Double](repeating: 0, count: count))
    // A block of queries against all members is one matrix product; its likenesses fill some megabytes.
    var likenesses = [Float](repeating: 0, count: Self.block * labels.count)
    for start in stride(from: 0, to: count, by: Self.block) {
      let rows = min(Self.block, count - start)
      multiply(queries, from: start, rows: rows, into: &likenesses)
      let found = nearest(likenesses, rows: rows)
      for (slot, entries) in found.enumerated() { add(entries, to: &result, row: start + slot) }
    }
    return result
  }

  /// Queries looked up at once.
  private static let block = 128

  /// Writes the cosines of some queries and all members, [rows, M].
  private func multiply(_ queries: [Float], from start: Int, rows: Int, into result: inout [Float]) {
    // Rows of ours are columns of Fortran's: the product of members transposed and queries.
    var (members, count, size, one, zero) = (Int32(labels.count), Int32(rows), Int32(length), Float(1), Float(0))
    queries.withUnsafeBufferPointer { queries in
      unit.withUnsafeBufferPointer { unit in
        result.withUnsafeMutableBufferPointer { result in
          guard let q = queries.baseAddress, let u = unit.baseAddress, let r = result.baseAddress else { return }
          sgemm_("T", "N", &members, &count, &size, &one, u, &size, q + start * length, &size, &zero, r, &members, 1, 1)
        }
      }
    }
  }

  private func nearest(_ likenesses: [Float], rows: Int) -> [[(likeness: Float, member: Int)]] {
    let members = labels.count
    var result = [[(likeness: Float, member: Int)]](repeating: [], count: rows)
    likenesses.withUnsafeBufferPointer { likenesses in
      result.withUnsafeMutableBufferPointer { result in
        nonisolated(unsafe) let (likenesses, result) = (likenesses, result)
        DispatchQueue.concurrentPerform(iterations: rows) { row in
          var best = Nearest(capacity: neighbours)
          for member in 0..<members { best.offer(likenesses[row * members + member], member) }
          result[row] = best.entries
        }
      }
    }
    return result
  }

  private func add(_ found: [(likeness: Float, member: Int)], to result: inout Answer, row: Int) {
    let farthest = found.last?.likeness ?? 0
    var sum = 0.0
    for entry in found {
      let weight = Double(entry.likeness - farthest) + 1e-3
      if let distribution = distributions[entry.member] {
        for k in 0..<classes { result.shares[row * classes + k] += weight * Double(distribution[k]) }
      } else {
        result.shares[row * classes + labels[entry.member]] += weight
      }
      sum += weight
    }
    for k in 0..<classes { result.shares[row * classes + k] /= sum }
    result.likeness[row] = found.reduce(0) { $0 + Double($1.likeness) } / Double(max(1, found.count))
  }

  /// The best so far, nearest first.
  private struct Nearest {
    var entries: [(likeness: Float, member: Int)] = []
    let capacity: Int

    init(capacity: Int) {
      self.capacity = capacity
      entries.reserveCapacity(capacity + 1)
    }

    mutating func offer(_ likeness: Float, _ member: Int) {
      if entries.count == capacity, likeness <= entries[capacity - 1].likeness { return }
      var position = entries.count
      while position > 0, entries[position - 1].likeness < likeness { position -= 1 }
      entries.insert((likeness, member), at: position)
      if entries.count > capacity { entries.removeLast() }
    }
  }

  /// Vectors of length one; those of length zero stay.
  static func unit(_ features: [Float], length: Int) -> [Float] {
    guard length > 0 else { return [] }
    var result = features
    for row in 0..<features.count / length {
      let range = (row * length)..<((row + 1) * length)
      let norm = range.reduce(Float(0)) { $0 + features[$1] * features[$1] }.squareRoot()
      guard norm > 0 else { continue }
      for i in range { result[i] /= norm }
    }
    return result
  }
}
