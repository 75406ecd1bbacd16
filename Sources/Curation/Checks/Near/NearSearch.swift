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
  var leastMoved = 0.85
  /// The squared distance of signatures up to which a pair is looked at.
  var largestDistance: Float = 0.08
  /// The squared distance of signatures, one moved to lie on the other, up to which a pair is compared.
  var largestLeft: Float = 0.022
  /// The pictures that are held while others are compared with them take up to so many bytes.
  var heldBytes = 128 << 20

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

  /// The proposed pairs that are almost equal.
  ///
  /// The pictures of some firsts are held at a time; their seconds are read piece by piece, in order, by whoever compares them.
  private func verified(
    _ candidates: [SignatureForest.Pair], _ samples: [Sample], _ source: some SampleSource
  ) throws -> [NearPair] {
    guard let shape = candidates.first.map({ samples[Int($0.first)].shape }) else { return [] }
    let held = max(1, heldBytes / (shape.height * shape.width))
    var found: [NearPair] = []
    var start = 0
    while start < candidates.count {
      var places: [Int32] = []
      var end = start
      while end < candidates.count, places.count < held || places.last == candidates[end].first {
        if places.last != candidates[end].first { places.append(candidates[end].first) }
        end += 1
      }
      let firsts = try pictures(at: places, samples, source)
      let pairs = candidates[start..<end].sorted { $0.second < $1.second }
      found += try inPieces(pairs) { pairs in
        let isNew = { $0 == 0 || pairs[$0].second != pairs[$0 - 1].second }
        let places = pairs.indices.filter(isNew).map { pairs[$0].second }
        let seconds = try pictures(at: places, samples, source)
        return pairs.compactMap { compared($0, firsts[$0.first], seconds[$0.second], samples) }
      }
      start = end
    }
    return Self.bestOfEach(found)
  }

  /// The pictures at some places, gray.
  private func pictures(
    at places: [Int32], _ samples: [Sample], _ source: some SampleSource
  ) throws -> [Int32: Image] {
    let images = try inPieces(places) { places in
      var images: [Image] = []
      try source.forEachImage(of: places.map { samples[Int($0)] }) { images.append($1.convertedToGray()) }
      return images
    }
    return Dictionary(uniqueKeysWithValues: zip(places, images))
  }

  /// What some pieces of a list give, on all cores.
  private func inPieces<T: Sendable, U: Sendable>(
    _ list: [T], _ body: @Sendable ([T]) throws -> [U]
  ) throws -> [U] {
    let size = 512
    return try concurrentMap((list.count + size - 1) / size) {
      try body(Array(list[$0 * size..<min(list.count, ($0 + 1) * size)]))
    }.flatMap { $0 }
  }

  private func compared(
    _ candidate: SignatureForest.Pair, _ first: Image?, _ second: Image?, _ samples: [Sample]
  ) -> NearPair? {
    guard let first, let second else { return nil }
    let start = (x: max(-reach, min(reach, Int(candidate.x))), y: max(-reach, min(reach, Int(candidate.y))))
    let alignment = (candidate.mirrored ? first.flipped() : first).alignment(
      with: second, reach: reach, startingAt: start, enough: smallestCorrelation, hopeless: leastMoved)
    guard alignment.correlation >= smallestCorrelation else { return nil }
    return NearPair(
      first: samples[Int(candidate.first)].id, second: samples[Int(candidate.second)].id,
      correlation: alignment.correlation, mirrored: candidate.mirrored, x: alignment.x, y: alignment.y)
  }

  /// Each pair once: a symmetric face may match both ways, and the better one tells.
  private static func bestOfEach(_ found: [NearPair]) -> [NearPair] {
    var best: [NearPair] = []
    let inOrder = found.sorted { a, b in
      (a.first, a.second, -a.correlation, a.mirrored ? 1 : 0) < (b.first, b.second, -b.correlation, b.mirrored ? 1 : 0)
    }
    for pair in inOrder where pair.first != best.last?.first || pair.second != best.last?.second { best.append(pair) }
    return best
  }
}
