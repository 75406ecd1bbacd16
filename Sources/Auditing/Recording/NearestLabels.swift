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
    var result = [Double](repeating: 0, count: count * classes)
    var likenesses = [Double](repeating: 0, count: count)
    // Blocks of queries share each pass over the members, which do not fit the cache.
    let block = 8
    let blocks = (count + block - 1) / block
    result.withUnsafeMutableBufferPointer { result in
      likenesses.withUnsafeMutableBufferPointer { likenesses in
        nonisolated(unsafe) let result = result
        nonisolated(unsafe) let likenesses = likenesses
        DispatchQueue.concurrentPerform(iterations: blocks) { number in
          let rows = (number * block)..<min((number + 1) * block, count)
          var nearest = rows.map { _ in Nearest(capacity: neighbours) }
          queries.withUnsafeBufferPointer { queries in
            unit.withUnsafeBufferPointer { members in
              for member in 0..<labels.count {
                for (slot, row) in rows.enumerated() {
                  let likeness = Self.dot(queries, row * length, members, member * length, length)
                  nearest[slot].offer(likeness, member)
                }
              }
            }
          }
          for (slot, row) in rows.enumerated() {
            let found = nearest[slot].entries
            let farthest = found.last?.likeness ?? 0
            var sum = 0.0
            for entry in found {
              let weight = Double(entry.likeness - farthest) + 1e-3
              if let distribution = distributions[entry.member] {
                for k in 0..<classes { result[row * classes + k] += weight * Double(distribution[k]) }
              } else {
                result[row * classes + labels[entry.member]] += weight
              }
              sum += weight
            }
            for k in 0..<classes { result[row * classes + k] /= sum }
            likenesses[row] = found.reduce(0) { $0 + Double($1.likeness) } / Double(max(1, found.count))
          }
        }
      }
    }
    return Answer(shares: result, likeness: likenesses)
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

  private static func dot(
    _ a: UnsafeBufferPointer<Float>, _ i: Int, _ b: UnsafeBufferPointer<Float>, _ j: Int, _ length: Int
  ) -> Float {
    guard let a = a.baseAddress, let b = b.baseAddress else { return 0 }
    let (x, y) = (UnsafeRawPointer(a + i), UnsafeRawPointer(b + j))
    var (first, second) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
    var position = 0
    while position + 16 <= length {
      first +=
        x.loadUnaligned(fromByteOffset: 4 * position, as: SIMD8<Float>.self)
        * y.loadUnaligned(fromByteOffset: 4 * position, as: SIMD8<Float>.self)
      second +=
        x.loadUnaligned(fromByteOffset: 4 * position + 32, as: SIMD8<Float>.self)
        * y.loadUnaligned(fromByteOffset: 4 * position + 32, as: SIMD8<Float>.self)
      position += 16
    }
    var sum = (first + second).sum()
    while position < length {
      sum += a[i + position] * b[j + position]
      position += 1
    }
    return sum
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
