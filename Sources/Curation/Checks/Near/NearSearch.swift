import Imaging

/// Searches a dataset for pairs of almost equal pictures.
///
/// Signatures propose pairs, plain and mirrored; every proposed pair is then compared pixel by pixel. Pictures that lie on
/// each other are found with certainty, whatever their brightness and contrast: their signatures cannot be far apart.
/// Pictures that have to be moved a little first are found when the move leaves the low frequencies in place.
/// Only pictures of one size are compared, and pictures of a single level not at all.
struct NearSearch: Sendable {
  /// The pictures of a pair correlate at least so much.
  var smallestCorrelation = 0.97
  /// Pictures are moved over each other by up to so many pixels.
  var reach = 3
  /// Pairs that correlate less where they are, unmoved, are not moved: that is another face.
  var leastUnmoved = 0.5
  /// The squared distance of signatures up to which a pair is compared.
  var largestDistance: Float = 0.1

  /// The pairs among `samples`, whose pictures all differ, in order of ids.
  ///
  /// - Parameters:
  ///   - signatures: The signature of each sample; nil for those that are not compared.
  ///   - source: Where the pictures of proposed pairs are read again.
  func pairs(
    among samples: [Sample], signatures: [PictureSignature?], in source: some SampleSource
  ) throws -> [NearPair] {
    var pairs: [NearPair] = []
    let judged = samples.indices.filter { signatures[$0] != nil }
    for indices in Dictionary(grouping: judged, by: { samples[$0].shape }).values {
      let members = indices.map { samples[$0] }
      let candidates = try candidates(indices.compactMap { signatures[$0] })
      pairs += try verified(candidates, members, source)
    }
    return pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  private struct Candidate: Sendable {
    var first: Int
    var second: Int
    var mirrored: Bool
  }

  private func candidates(_ signatures: [PictureSignature]) throws -> [Candidate] {
    let tree = SignatureTree(signatures)
    // Whatever the reach, a pair that needs no move must not be missed; a little more for rounding.
    let limit = max(reach > 0 ? largestDistance : 0, Float(2 - 2 * smallestCorrelation) + 1e-4)
    return try tree.pairs(within: limit).map { Candidate(first: $0.0, second: $0.1, mirrored: false) }
      + tree.pairs(within: limit, mirrored: true).map { Candidate(first: $0.0, second: $0.1, mirrored: true) }
  }

  private func verified(
    _ candidates: [Candidate], _ samples: [Sample], _ source: some SampleSource
  ) throws -> [NearPair] {
    let wanted = Set(candidates.flatMap { [$0.first, $0.second] }).sorted()
    var images: [Int64: Image] = [:]
    images.reserveCapacity(wanted.count)
    try source.forEachImage(of: wanted.map { samples[$0] }) { images[$0.id] = $1.convertedToGray() }
    let known = images
    let step = 64
    let found = try concurrentMap((candidates.count + step - 1) / step) { block in
      candidates[block * step..<min(candidates.count, (block + 1) * step)].compactMap { candidate -> NearPair? in
        let (a, b) = (samples[candidate.first], samples[candidate.second])
        guard let first = known[a.id], let second = known[b.id] else { return nil }
        let alignment = (candidate.mirrored ? first.flipped() : first).alignment(
          with: second, reach: reach, enough: smallestCorrelation, hopeless: leastUnmoved)
        guard alignment.correlation >= smallestCorrelation else { return nil }
        return NearPair(
          first: a.id, second: b.id, correlation: alignment.correlation, mirrored: candidate.mirrored, x: alignment.x,
          y: alignment.y)
      }
    }
    // A symmetric face may match both ways: the better one tells.
    var best: [[Int64]: NearPair] = [:]
    for pair in found.flatMap({ $0 }) {
      let ids = [pair.first, pair.second]
      if let other = best[ids], other.correlation >= pair.correlation { continue }
      best[ids] = pair
    }
    return Array(best.values)
  }
}
