/// Places buffers that are never alive at the same time over one another, so that a network needs one arena.
///
/// Greedy by size: the largest buffer first, each at the lowest offset where no buffer with an overlapping lifetime lies
/// (Pisarchyk and Lee 2020, "Efficient memory management for deep neural net inference").
struct MemoryPlan {
  /// Byte offset of each buffer, in the order given.
  private(set) var offsets: [Int]
  /// Size of the arena in bytes.
  private(set) var byteCount = 0

  /// Plans for buffers given by size and by first and last step of their life, both included.
  init(_ buffers: [(byteCount: Int, firstStep: Int, lastStep: Int)]) {
    offsets = [Int](repeating: 0, count: buffers.count)
    var placed: [Int] = []
    for index in buffers.indices.sorted(by: { buffers[$0].byteCount > buffers[$1].byteCount }) {
      let buffer = buffers[index]
      let rivals =
        placed
        .filter { buffers[$0].firstStep <= buffer.lastStep && buffer.firstStep <= buffers[$0].lastStep }
        .sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for rival in rivals {
        if offset + buffer.byteCount <= offsets[rival] { break }
        offset = max(offset, MemoryPlan.aligned(offsets[rival] + buffers[rival].byteCount))
      }
      offsets[index] = offset
      byteCount = max(byteCount, offset + buffer.byteCount)
      placed.append(index)
    }
  }

  /// The next multiple of the alignment kernels like.
  static func aligned(_ offset: Int) -> Int { (offset + 127) / 128 * 128 }
}
