import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Turns the first Ctrl-C (or SIGTERM) into a request to stop cleanly, the second one into an immediate end.
///
/// Long steps call `check()` through their progress; the error unwinds open transactions, so what was finished stays.
enum Interrupt {
  /// The signal that asked to stop; 0 while none did.
  private static let received = Atomic<Int32>(0)
  // Kept alive for as long as the process: a released source listens no more. Written once, before any thread starts.
  private nonisolated(unsafe) static var sources: [any DispatchSourceSignal] = []

  /// Begins to listen; to be called once, first thing.
  static func install() {
    let queue = DispatchQueue(label: "fercure.interrupt")
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { handle(number) }
      source.resume()
      sources.append(source)
    }
  }

  private static func handle(_ number: Int32) {
    let (isFirst, _) = received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
    guard isFirst else { _exit(128 + number) }
    Console().note("stopping after the current step; press Ctrl-C again to stop at once")
  }

  /// Throws `CancellationError` once a signal asked to stop.
  static func check() throws {
    if received.load(ordering: .relaxed) != 0 { throw CancellationError() }
  }

  /// The exit code of a run that was stopped: 130 after Ctrl-C, 143 after SIGTERM.
  static var exitCode: Int32 {
    let number = received.load(ordering: .relaxed)
    return 128 + (number == 0 ? SIGINT : number)
  }
}
