import Foundation
import Imaging
import Randomness

/// Proposes the pairs of pictures whose signatures are near each other, in n log n steps, without comparing all of them.
///
/// A tree cuts the signatures in halves along random directions until few are left, and compares those with each other. Near
/// signatures fall on the same side of most cuts, whatever their number; what one tree parts, another one keeps together. It
/// is likely that a pair is found, not certain: a pair at the largest distance by about one tree in four (random projection
/// trees; Dasgupta and Freund, Random Projection Trees and Low Dimensional Manifolds, 2008).
struct SignatureForest: Sendable {
  /// A proposed pair.
  struct Pair: Sendable, Comparable {
    /// The smaller position in the list of signatures.
    var first: Int32
    var second: Int32
    /// Whether the first is taken as its mirror image.
    var mirrored: Bool
    /// Pixels by which the first is then moved to the right and down to lie on the second, by the signatures.
    var x: Int8
    var y: Int8

    static func < (a: Pair, b: Pair) -> Bool {
      (a.first, a.second, a.mirrored ? 1 : 0) < (b.first, b.second, b.mirrored ? 1 : 0)
    }
  }

  /// How many trees there are.
  var trees = 24
  /// Up to so many signatures are compared with each other.
  var leafSize = 256
  /// Up to so many signatures are laid side by side before they are cut further.
  var nearSize = 1 << 18
  /// The squared distance of signatures up to which a pair is looked at.
  var largestDistance: Float
  /// The squared distance up to which it is proposed, one picture being moved to lie on the other.
  var largestLeft: Float

  /// The pairs among some signatures, plain and mirrored, each once and in order.
  ///
  /// - Parameter members: The positions in `signatures` of those that are compared.
  func pairs(among members: [Int32], of signatures: [MovableSignature]) throws -> [Pair] {
    var pairs: [Pair] = []
    // A few trees at a time: each finds most pairs, and all at once would hold them many times over.
    let step = ProcessInfo.processInfo.activeProcessorCount
    for start in stride(from: 0, to: trees, by: step) {
      let found = try concurrentMap(min(step, trees - start)) { number in
        signatures.withUnsafeBufferPointer { signatures in
          // Both a picture and its mirror image are in the tree: a number's lowest bit says which.
          var tree = Tree(
            forest: self, signatures: signatures, entries: members.flatMap { [2 * $0, 2 * $0 + 1] },
            generator: SeededGenerator(seed: UInt64(start + number), "SignatureForest"))
          tree.grow(0..<tree.entries.count)
          return tree.found.sorted()
        }
      }
      for found in found { pairs = Self.merged(pairs, found) }
    }
    return pairs
  }

  /// Two lists in order as one, each pair once.
  private static func merged(_ a: [Pair], _ b: [Pair]) -> [Pair] {
    var merged: [Pair] = []
    merged.reserveCapacity(max(a.count, b.count))
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      let pair = j == b.count || (i < a.count && !(b[j] < a[i])) ? a[i] : b[j]
      if i < a.count, !(pair < a[i]) { i += 1 }
      if j < b.count, !(pair < b[j]) { j += 1 }
      if merged.last.map({ $0 < pair }) ?? true { merged.append(pair) }
    }
    return merged
  }

  /// A tree while it grows; of what is compared already nothing is kept but the pairs.
  private struct Tree {
    let forest: SignatureForest
    let signatures: UnsafeBufferPointer<MovableSignature>
    var entries: [Int32]
    var generator: SeededGenerator
    var found: [Pair] = []
    private var values: [Float] = []
    private var above: [Int32] = []
    /// The lowest frequencies of a part that is small enough to be laid side by side, in the order of its entries.
    private var lows: [SIMD16<Float>] = []
    private var lowsStart = 0
    private var lowsAbove: [SIMD16<Float>] = []
    private var leaf: [MovableSignature] = []
    private var stills: [PictureSignature] = []

    init(
      forest: SignatureForest, signatures: UnsafeBufferPointer<MovableSignature>, entries: [Int32],
      generator: SeededGenerator
    ) {
      self.forest = forest
      self.signatures = signatures
      self.entries = entries
      self.generator = generator
      values = [Float](repeating: 0, count: entries.count)
    }

    /// Cuts a part of the entries in two until it is small, and compares it then.
    ///
    /// - Parameter isNear: Whether `lows` has its lowest frequencies.
    mutating func grow(_ part: Range<Int>, isNear: Bool = false) {
      guard part.count > forest.leafSize else { return compare(part) }
      let isNear = isNear || bringNear(part)
      project(part, isNear)
      var border = cut(part, isNear)
      // Equal signatures cannot be cut apart: then any half will do.
      if border == part.lowerBound { border = part.lowerBound + part.count / 2 }
      grow(part.lowerBound..<border, isNear: isNear)
      grow(border..<part.upperBound, isNear: isNear)
    }

    /// Puts the lowest frequencies of a part side by side, if the part is small enough.
    private mutating func bringNear(_ part: Range<Int>) -> Bool {
      guard part.count <= forest.nearSize else { return false }
      lows.removeAll(keepingCapacity: true)
      lowsStart = part.lowerBound
      for place in part {
        let signature = signatures[Int(entries[place] >> 1)].still
        lows.append(entries[place] & 1 == 0 ? signature.low : signature.mirrored.low)
      }
      return true
    }

    /// Projects a part on a random direction.
    private mutating func project(_ part: Range<Int>, _ isNear: Bool) {
      let direction = randomDirection()
      if isNear {
        for place in part {
          values[place] = PictureSignature(low: lows[place - lowsStart], high: .zero).projected(on: direction)
        }
      } else {
        let mirrored = PictureSignature(low: direction, high: .zero).mirrored.low
        for place in part {
          let entry = entries[place]
          values[place] = signatures[Int(entry >> 1)].still.projected(on: entry & 1 == 0 ? direction : mirrored)
        }
      }
    }

    /// Puts the entries below the middle before those above it, and tells where they meet.
    ///
    /// Both keep their order, so that signatures are read from the first to the last.
    private mutating func cut(_ part: Range<Int>, _ isNear: Bool) -> Int {
      let cut = middle(part)
      var border = part.lowerBound
      above.removeAll(keepingCapacity: true)
      lowsAbove.removeAll(keepingCapacity: true)
      for place in part {
        if values[place] < cut {
          entries[border] = entries[place]
          if isNear { lows[border - lowsStart] = lows[place - lowsStart] }
          border += 1
        } else {
          above.append(entries[place])
          if isNear { lowsAbove.append(lows[place - lowsStart]) }
        }
      }
      entries.replaceSubrange(border..<part.upperBound, with: above)
      if isNear { lows.replaceSubrange(border - lowsStart..<part.upperBound - lowsStart, with: lowsAbove) }
      return border
    }

    /// Only the lowest frequencies are looked at: they differ most between pictures, and least when one moves.
    private mutating func randomDirection() -> SIMD16<Float> {
      var direction = SIMD16<Float>.zero
      for index in 0..<16 { direction[index] = Float.random(in: -1...1, using: &generator) }
      return direction
    }

    /// About the median of the values of a part, from some of them.
    private func middle(_ part: Range<Int>) -> Float {
      let some = (0..<63).map { values[part.lowerBound + $0 * part.count / 63] }.sorted()
      return some[31]
    }

    private mutating func compare(_ part: Range<Int>) {
      // Side by side in memory, and those that all are compared with apart from what few are asked for.
      leaf.removeAll(keepingCapacity: true)
      stills.removeAll(keepingCapacity: true)
      for place in part {
        let signature = signatures[Int(entries[place] >> 1)]
        leaf.append(entries[place] & 1 == 0 ? signature : signature.mirrored)
        stills.append(leaf[leaf.count - 1].still)
      }
      let limit = forest.largestDistance
      stills.withUnsafeBufferPointer { stills in
        for a in stills.indices {
          let own = stills[a]
          for b in a + 1..<stills.count where stills[b].squaredDistance(to: own, limit: limit) <= limit {
            propose(a, b, entries[part.lowerBound + a], entries[part.lowerBound + b])
          }
        }
      }
    }

    /// Proposes two signatures of the leaf, if one of them can be moved near enough to the other.
    private mutating func propose(_ a: Int, _ b: Int, _ entry: Int32, _ other: Int32) {
      // A picture that is like its own mirror image is no pair.
      guard entry >> 1 != other >> 1 else { return }
      guard entry < other else { return propose(b, a, other, entry) }
      guard let move = leaf[a].move(to: leaf[b], limit: forest.largestLeft) else { return }
      // It does not matter for the distance which of the two is mirrored, or that both are; a pair names the first.
      let x = Int8(max(-100, min(100, (other & 1 == 0 ? move.x : -move.x).rounded())))
      let y = Int8(max(-100, min(100, move.y.rounded())))
      found.append(Pair(first: entry >> 1, second: other >> 1, mirrored: (entry ^ other) & 1 == 1, x: x, y: y))
    }
  }
}
