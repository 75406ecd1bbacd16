import Foundation
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

  /// Begins to listen; to be called once, first thing, before any other thread is made.
  ///
  /// A thread of its own listens, which does nothing else. All others must get no signal: while oneDNN multiplies float32
  /// matrices with AVX2, the stack pointer is in the middle of its workspace, and a handler called then writes over what lies
  /// below. Threads inherit from the one that made them that they get none; OpenBLAS's, which are older than this call, run none of
  /// those kernels.
  static func install() {
    // Read before a handler can: initialising it is not safe inside one.
    guard received.load(ordering: .relaxed) == 0 else { return }
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM] {
      signal(number) { Interrupt.handle($0) }
      sigaddset(&wanted, number)
    }
    pthread_sigmask(SIG_BLOCK, &wanted, nil)
    let listener = Thread { [wanted] in
      var wanted = wanted
      pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
      while true { pause() }
    }
    listener.start()
  }

  /// Runs inside the signal handler: only an atomic, `write` and `_exit`, which are safe there.
  private static func handle(_ number: Int32) {
    let (isFirst, _) = received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
    guard isFirst else { _exit(128 + number) }
    let text: StaticString = "\nnote: stopping after the current step; press Ctrl-C again to stop at once\n"
    text.withUTF8Buffer { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// True once a signal asked to stop.
  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// Throws `CancellationError` once a signal asked to stop.
  static func check() throws {
    if isRequested { throw CancellationError() }
  }

  /// The exit code of a run that was stopped: 130 after Ctrl-C, 143 after SIGTERM.
  static var exitCode: Int32 {
    let number = received.load(ordering: .relaxed)
    return 128 + (number == 0 ? SIGINT : number)
  }
}
