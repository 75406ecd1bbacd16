import Imaging

/// Searches a dataset for pairs of almost equal pictures.
///
/// Signatures propose pairs, plain and mirrored, and how one picture has to be moved to lie on the other; every proposed
/// pair is then compared pixel by pixel. Pictures that lie on each other have near signatures, whatever their brightness and
/// contrast; what moves a little has near ones once they are moved likewise. What differs in the low frequencies more than
/// `largestLeft` is not proposed, though all pixels might still correlate enough: a copy that is lit from another side.
/// Only pictures of one size are compared, by their luma, and pictures of a single level not at all.
struct NearSearch: Sendable {
  /// The pictures of a pair correlate at least so much.
  var smallestCorrelation = 0.97
  /// Pictures are moved over each other by up to so many pixels.
  var reach = 3
  /// Pairs that correlate less where their signatures say are not moved further: that is another face.
  var leastMoved = 0.7
  /// The squared distance of signatures up to which a pair is looked at.
  var largestDistance: Float = 0.08
  /// The squared distance of signatures, one moved to lie on the other, up to which a pair is compared.
  var largestLeft: Float = 0.022
  /// The pictures that are compared with each other at a time take up to so many bytes, twice.
  var blockBytes = 128 << 20

  /// The pairs among `samples`, whose pictures all differ, in order of ids.
  ///
  /// - Parameters:
  ///   - isBlank: Whether each has a single level, so that it is not compared.
  ///   - signatures: The signature of each sample.
  ///   - source: Where the pictures of proposed pairs are read again.
  func pairs(
    among samples: [Sample], isBlank: [Bool], signatures: [MovableSignature], in source: some SampleSource
  ) throws -> [NearPair] {
    var pairs: [NearPair] = []
    let judged = samples.indices.filter { !isBlank[$0] }.map(Int32.init)
    let forest = SignatureForest(largestDistance: largestDistance, largestLeft: largestLeft)
    for members in Dictionary(grouping: judged, by: { [samples[Int($0)].height, samples[Int($0)].width] }).values {
      pairs += try verified(forest.pairs(among: members, of: signatures), samples, source)
    }
    return pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// The proposed pairs that are almost equal, pictures being read block by block.
  private func verified(
    _ candidates: [SignatureForest.Pair], _ samples: [Sample], _ source: some SampleSource
  ) throws -> [NearPair] {
    guard let shape = candidates.first.map({ samples[Int($0.first)].shape }) else { return [] }
    let block = Int32(max(1, blockBytes / (shape.height * shape.width)))
    let blocks = Dictionary(grouping: candidates) { [$0.first / block, $0.second / block] }
    // A symmetric face may match both ways: the better one tells.
    var best: [[Int64]: NearPair] = [:]
    for (_, candidates) in blocks.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      for pair in try compared(candidates, samples, source) {
        let ids = [pair.first, pair.second]
        if let other = best[ids], other.correlation >= pair.correlation { continue }
        best[ids] = pair
      }
    }
    return Array(best.values)
  }

  private func compared(
    _ candidates: [SignatureForest.Pair], _ samples: [Sample], _ source: some SampleSource
  ) throws -> [NearPair] {
    let wanted = Set(candidates.flatMap { [$0.first, $0.second] }).sorted()
    var images: [Int64: Image] = [:]
    images.reserveCapacity(wanted.count)
    try source.forEachImage(of: wanted.map { samples[Int($0)] }) { images[$0.id] = $1.convertedToGray() }
    let known = images
    let step = 64
    return try concurrentMap((candidates.count + step - 1) / step) { block in
      candidates[block * step..<min(candidates.count, (block + 1) * step)].compactMap { candidate -> NearPair? in
        let (a, b) = (samples[Int(candidate.first)], samples[Int(candidate.second)])
        guard let first = known[a.id], let second = known[b.id] else { return nil }
        let start = (x: max(-reach, min(reach, Int(candidate.x))), y: max(-reach, min(reach, Int(candidate.y))))
        let alignment = (candidate.mirrored ? first.flipped() : first).alignment(
          with: second, reach: reach, startingAt: start, enough: smallestCorrelation, hopeless: leastMoved)
        guard alignment.correlation >= smallestCorrelation else { return nil }
        return NearPair(
          first: a.id, second: b.id, correlation: alignment.correlation, mirrored: candidate.mirrored, x: alignment.x,
          y: alignment.y)
      }
    }.flatMap { $0 }
  }
}
