import Dispatch
import Foundation
import Synchronization

/// One thread for networks that are asked from many.
///
/// oneDNN's kernels use scratch memory of the thread that they were made on: run on another one, they crash. The thread
/// lives as long as the process.
final class KernelThread: Sendable {
  private let jobs = Mutex<[@Sendable () -> Void]>([])
  private let arrived = DispatchSemaphore(value: 0)

  init() {
    let thread = Thread { [self] in
      while true {
        arrived.wait()
        let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        job?()
      }
    }
    thread.name = "kernels"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Runs a body on the thread, after those that came before; whoever waits for it holds up nobody else.
  func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      jobs.withLock { jobs in jobs.append { continuation.resume(with: Result(catching: body)) } }
      arrived.signal()
    }
  }
}
