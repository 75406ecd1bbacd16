/// Floats that several threads work on at once, each on its own part.
struct Floats: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Float>
  let count: Int

  init(_ buffer: UnsafeMutableBufferPointer<Float>) {
    guard let base = buffer.baseAddress else { preconditionFailure("A pass needs values") }
    self.base = base
    count = buffer.count
  }

  subscript(index: Int) -> Float {
    @inline(__always) get { base[index] }
    @inline(__always) nonmutating set { base[index] = newValue }
  }

  /// Sixteen neighbours at once.
  @inline(__always)
  func sixteen(at index: Int) -> SIMD16<Float> {
    UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Float>.self)
  }
}

/// Passes over long buffers, cut into pieces of a fixed length.
///
/// The pieces do not depend on the number of threads, and sums add them in order: whoever does which piece, and when, the
/// result is the same to the last bit.
enum ChunkedPass {
  private static let length = 1 << 16

  /// Does `body` for the whole of 0 ..< `count`, piece by piece.
  @inline(__always)
  static func run(over count: Int, _ body: @Sendable (Range<Int>) -> Void) {
    ThreadTeam.forEach((count + length - 1) / length) { chunk in
      body(chunk * length..<min((chunk + 1) * length, count))
    }
  }

  /// The sum of what `body` says about each piece of 0 ..< `count`.
  @inline(__always)
  static func sum(over count: Int, _ body: @Sendable (Range<Int>) -> Double) -> Double {
    let chunks = (count + length - 1) / length
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: chunks) { parts in
      nonisolated(unsafe) let parts = parts
      ThreadTeam.forEach(chunks) { chunk in
        parts.initializeElement(at: chunk, to: body(chunk * length..<min((chunk + 1) * length, count)))
      }
      return parts.reduce(0, +)
    }
  }
}
