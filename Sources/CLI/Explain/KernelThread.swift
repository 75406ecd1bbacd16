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

  /// Runs a body on the thread, after those that came before, and waits for its result.
  func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
    let done = DispatchSemaphore(value: 0)
    let result = Box<Swift.Result<Result, any Error>>()
    jobs.withLock { jobs in
      jobs.append {
        result.value.withLock { $0 = Swift.Result(catching: body) }
        done.signal()
      }
    }
    arrived.signal()
    done.wait()
    guard let value = result.value.withLock({ $0 }) else { preconditionFailure("The job left its result") }
    return try value.get()
  }

  private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}
