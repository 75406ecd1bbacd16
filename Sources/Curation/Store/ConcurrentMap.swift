import Dispatch

/// Returns `transform(0) ... transform(count - 1)`, computed on all cores; throws what the first failing index threw.
///
/// - Parameter worthIt: False for work so small that handing it to other threads would cost more than it saves.
package func concurrentMap<T: Sendable>(
  _ count: Int, worthIt: Bool = true, _ transform: @Sendable (Int) throws -> T
) throws -> [T] {
  guard worthIt, count > 1 else { return try (0..<count).map(transform) }
  let results = [Result<T, any Error>](unsafeUninitializedCapacity: count) { buffer, initialized in
    // Every index is written by exactly one iteration, before concurrentPerform returns.
    nonisolated(unsafe) let slots = buffer
    DispatchQueue.concurrentPerform(iterations: count) { index in
      slots.initializeElement(at: index, to: Result { try transform(index) })
    }
    initialized = count
  }
  return try results.map { try $0.get() }
}
