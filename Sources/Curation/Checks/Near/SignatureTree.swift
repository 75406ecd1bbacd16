import Imaging

/// Finds the pairs of signatures within a distance of each other without comparing all of them.
///
/// A tree that cuts each part at the mean of the number that varies most in it, and knows the box in which the signatures of
/// a part lie. Two parts whose boxes are too far apart are left out as a whole, which is certain, not likely: no pair
/// within the distance is missed. Built in n log n steps; the search then compares few pairs as long as few
/// signatures are near each other.
struct SignatureTree: Sendable {
  private struct Node: Sendable {
    var low: PictureSignature
    var high: PictureSignature
    /// The positions in `ordered`.
    var begin: Int32
    var end: Int32
    /// The parts, or -1 in a leaf.
    var below: Int32 = -1
    var above: Int32 = -1

    /// The box of the mirrored signatures: odd numbers change their sign, and with it their order.
    var mirrored: Node {
      var node = self
      (node.low, node.high) = (low.mirrored.minimum(high.mirrored), low.mirrored.maximum(high.mirrored))
      return node
    }
  }

  private var nodes: [Node] = []
  /// The positions of the signatures in the list that the tree was made of, leaf after leaf.
  private var order: [Int32]
  /// The signatures in the same order, so that a leaf lies in one piece.
  private var ordered: [PictureSignature] = []

  private static let leafSize = 16

  init(_ signatures: [PictureSignature]) {
    order = signatures.indices.map(Int32.init)
    guard !signatures.isEmpty else { return }
    _ = build(0..<signatures.count, signatures)
    ordered = order.map { signatures[Int($0)] }
  }

  /// The pairs of positions whose squared distance is at most `limit`, each pair once, on all cores.
  ///
  /// - Parameter mirrored: Whether one of each pair is taken as its mirror image. Which one does not matter: mirroring
  ///   both changes no distance.
  func pairs(within limit: Float, mirrored: Bool = false) throws -> [(Int, Int)] {
    guard !nodes.isEmpty else { return [] }
    let search = Search(
      tree: self, partners: mirrored ? nodes.map(\.mirrored) : nodes,
      others: mirrored ? ordered.map(\.mirrored) : ordered, limit: limit)
    // Enough pairs of parts to share among the cores; those that are far apart are gone already.
    var tasks: [(Int32, Int32)] = [(0, 0)]
    for _ in 0..<7 { tasks = tasks.flatMap { search.parts($0.0, $0.1) ?? [$0] } }
    let work = tasks
    return try concurrentMap(work.count) { index in
      var found: [(Int, Int)] = []
      search.visit(work[index].0, work[index].1, &found)
      return found
    }.flatMap { $0 }
  }

  /// A search of pairs of parts of the tree.
  private struct Search: Sendable {
    let tree: SignatureTree
    /// The nodes and signatures of the second of each pair, mirrored or not.
    let partners: [Node]
    let others: [PictureSignature]
    let limit: Float

    /// The pairs of parts of two nodes that may hold near signatures; nil for two leaves.
    func parts(_ a: Int32, _ b: Int32) -> [(Int32, Int32)]? {
      let first = tree.nodes[Int(a)]
      let second = partners[Int(b)]
      if PictureSignature.squaredGap(first.low, first.high, second.low, second.high, limit: limit) > limit { return [] }
      if first.below < 0, second.below < 0 { return nil }
      if a == b { return [(first.below, first.below), (first.below, first.above), (first.above, first.above)] }
      if second.below < 0 || (first.below >= 0 && first.end - first.begin >= second.end - second.begin) {
        return [(first.below, b), (first.above, b)]
      }
      return [(a, second.below), (a, second.above)]
    }

    func visit(_ a: Int32, _ b: Int32, _ found: inout [(Int, Int)]) {
      let first = tree.nodes[Int(a)]
      let second = partners[Int(b)]
      if PictureSignature.squaredGap(first.low, first.high, second.low, second.high, limit: limit) > limit { return }
      if first.below < 0, second.below < 0 {
        compare(first, second, isSame: a == b, &found)
      } else if a == b {
        visit(first.below, first.below, &found)
        visit(first.below, first.above, &found)
        visit(first.above, first.above, &found)
      } else if second.below < 0 || (first.below >= 0 && first.end - first.begin >= second.end - second.begin) {
        visit(first.below, b, &found)
        visit(first.above, b, &found)
      } else {
        visit(a, second.below, &found)
        visit(a, second.above, &found)
      }
    }

    private func compare(_ first: Node, _ second: Node, isSame: Bool, _ found: inout [(Int, Int)]) {
      tree.ordered.withUnsafeBufferPointer { own in
        others.withUnsafeBufferPointer { others in
          for a in Int(first.begin)..<Int(first.end) {
            let signature = own[a]
            let gap = PictureSignature.squaredGap(signature, signature, second.low, second.high, limit: limit)
            if gap > limit { continue }
            for b in (isSame ? a + 1 : Int(second.begin))..<Int(second.end)
            where others[b].squaredDistance(to: signature, limit: limit) <= limit {
              let (x, y) = (Int(tree.order[a]), Int(tree.order[b]))
              found.append((min(x, y), max(x, y)))
            }
          }
        }
      }
    }
  }

  private mutating func build(_ range: Range<Int>, _ signatures: [PictureSignature]) -> Int32 {
    let index = nodes.count
    var low = signatures[Int(order[range.lowerBound])]
    var high = low
    var sum = PictureSignature.zero
    var squares = PictureSignature.zero
    for place in range {
      let signature = signatures[Int(order[place])]
      low = low.minimum(signature)
      high = high.maximum(signature)
      sum.add(signature, squared: false)
      squares.add(signature, squared: true)
    }
    nodes.append(
      Node(low: low, high: high, begin: Int32(range.lowerBound), end: Int32(range.upperBound)))
    guard range.count > Self.leafSize else { return Int32(index) }
    let count = Float(range.count)
    let axis =
      (0..<PictureSignature.count).max { a, b in
        squares[a] - sum[a] * sum[a] / count < squares[b] - sum[b] * sum[b] / count
      } ?? 0
    let cut = sum[axis] / count
    var middle = range.lowerBound
    for place in range where signatures[Int(order[place])][axis] < cut {
      order.swapAt(place, middle)
      middle += 1
    }
    // Equal signatures cannot be cut apart.
    guard middle > range.lowerBound, middle < range.upperBound else { return Int32(index) }
    let below = build(range.lowerBound..<middle, signatures)
    let above = build(middle..<range.upperBound, signatures)
    nodes[index].below = below
    nodes[index].above = above
    return Int32(index)
  }
}
