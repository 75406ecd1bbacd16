import Foundation

/// Makes values on a second thread while the calling thread takes them, in order: reading goes on while SQLite writes.
///
/// At most four values wait. When either side throws, the other one stops, and both have ended when this returns.
/// - Parameters:
///   - produce: Calls its argument with every value; the call throws when no more are wanted.
///   - consume: Called on the thread of the caller.
func pipelined<Value: Sendable>(
  produce: @escaping @Sendable ((Value) throws -> Void) throws -> Void, consume: (Value) throws -> Void
) throws {
  let channel = Channel<Value>()
  let thread = Thread {
    channel.end(with: Result { try produce(channel.send) })
  }
  thread.stackSize = 1 << 20
  thread.start()
  do {
    while let value = try channel.receive() { try consume(value) }
  } catch {
    channel.stopAndWait()
    throw error
  }
}

/// A queue of bounded length between two threads.
private final class Channel<Value: Sendable>: @unchecked Sendable {
  // Every access below is made while the condition is locked.
  private let condition = NSCondition()
  private var values: [Value] = []
  private var outcome: Result<Void, any Error>?
  private var isStopped = false

  struct Stopped: Error {}

  func send(_ value: Value) throws {
    condition.lock()
    defer { condition.unlock() }
    while values.count >= 4, !isStopped { condition.wait() }
    if isStopped { throw Stopped() }
    values.append(value)
    condition.broadcast()
  }

  func end(with outcome: Result<Void, any Error>) {
    condition.lock()
    defer { condition.unlock() }
    self.outcome = outcome
    condition.broadcast()
  }

  /// The next value; nil after the last one.
  func receive() throws -> Value? {
    condition.lock()
    defer { condition.unlock() }
    while values.isEmpty, outcome == nil { condition.wait() }
    guard values.isEmpty else {
      condition.broadcast()
      return values.removeFirst()
    }
    try outcome?.get()
    return nil
  }

  func stopAndWait() {
    condition.lock()
    defer { condition.unlock() }
    isStopped = true
    condition.broadcast()
    while outcome == nil { condition.wait() }
  }
}
