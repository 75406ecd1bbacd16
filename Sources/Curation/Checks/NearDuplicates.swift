import Imaging

/// Finds pictures that are almost equal: retouched, recompressed or shifted in brightness, but not copies byte by byte.
///
/// Perceptual hashes that differ in few bits propose pairs; a pair counts when the pictures also correlate. Exact copies
/// are compared once and left to `ExactDuplicates`; blank pictures are left to `Blank`. A group gathers all that is
/// connected by pairs; a
/// finding's score runs from 0 (correlation 1) to 0.5 (a correlation at the threshold).
/// Comparing all hashes takes time that grows with the square of the number of pictures: about a second for 35,000.
public struct NearDuplicates: Check {
  /// The name used in recipes and reports.
  public static let name = "near-duplicates"
  /// What it finds.
  public static let summary = "pictures that are almost equal"
  /// Not part of the default set: it compares every picture with every other.
  public static let isStandard = false

  /// Hashes of a pair differ in at most so many bits of 64.
  public var largestDistance: Int
  /// The pictures of a pair correlate at least so much.
  public var smallestCorrelation: Double

  /// Creates the check.
  public init() { self.init(largestDistance: 8, smallestCorrelation: 0.97) }

  /// Creates the check with thresholds of its own.
  public init(largestDistance: Int, smallestCorrelation: Double) {
    self.largestDistance = largestDistance
    self.smallestCorrelation = smallestCorrelation
  }

  /// Hashes all pictures, then decodes those again whose hashes are close to another's.
  public func findings(in source: some SampleSource, progress: Progress) throws -> [Finding] {
    var seen: Set<String> = []
    let samples = try source.samples().filter { seen.insert($0.pixelHash).inserted }
    var judged: [Sample] = []
    var hashes: [UInt64] = []
    var done = 0
    try source.forEachImage(of: samples) { sample, image in
      if !PictureStatistics.isBlank(image) {
        judged.append(sample)
        hashes.append(PerceptualHash(of: image).bits)
      }
      done += 1
      if done % 512 == 0 || done == samples.count { try progress(done, samples.count) }
    }
    let candidates = closePairs(hashes)
    let needed = Set(candidates.flatMap { [$0.0, $0.1] }).sorted()
    var pictures: [Int64: Image] = [:]
    try source.forEachImage(of: needed.map { judged[$0] }) { sample, image in pictures[sample.id] = image }

    var pairs: [(Int, Int, Double)] = []
    for (a, b) in candidates {
      guard let first = pictures[judged[a].id], let second = pictures[judged[b].id],
        first.height == second.height, first.width == second.width
      else { continue }
      let correlation = first.correlation(with: second)
      if correlation >= smallestCorrelation { pairs.append((a, b, correlation)) }
    }
    return findings(pairs, judged)
  }

  private func closePairs(_ hashes: [UInt64]) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    hashes.withUnsafeBufferPointer { hashes in
      for a in hashes.indices {
        let hash = hashes[a]
        for b in a + 1..<max(a + 1, hashes.count) where (hash ^ hashes[b]).nonzeroBitCount <= largestDistance {
          pairs.append((a, b))
        }
      }
    }
    return pairs
  }

  /// Joins pairs into groups and words a finding for every member.
  private func findings(_ pairs: [(Int, Int, Double)], _ samples: [Sample]) -> [Finding] {
    var first: [Int: Int] = [:]
    func root(_ index: Int) -> Int {
      var index = index
      while let next = first[index], next != index { index = next }
      return index
    }
    var closest: [Int: (Int, Double)] = [:]
    for (a, b, correlation) in pairs {
      let (rootA, rootB) = (root(a), root(b))
      first[max(rootA, rootB)] = min(rootA, rootB)
      for (member, other) in [(a, b), (b, a)] where correlation > closest[member]?.1 ?? -1 {
        closest[member] = (other, correlation)
      }
    }
    return closest.sorted { $0.key < $1.key }.map { member, nearest in
      Finding(
        check: Self.name, sample: samples[member].id,
        score: min(1, max(0, (1 - nearest.1) / max(1e-9, 1 - smallestCorrelation))) * 0.5,
        group: "near:" + samples[root(member)].pixelHash.prefix(16),
        detail: "almost the same picture as \(samples[nearest.0].key) (correlation \(threeDecimals(nearest.1)))")
    }
  }

  private func threeDecimals(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
