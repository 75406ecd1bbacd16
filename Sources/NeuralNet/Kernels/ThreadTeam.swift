internal import Dispatch

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The threads that passes of our own run on: OpenMP's team of the calling thread, which oneDNN's kernels run on as well.
///
/// Between two kernels OpenMP's threads wait by spinning, for milliseconds. Threads of Dispatch would have to share the cores with
/// them, and get half of them.
enum ThreadTeam {
  /// How many threads work at a time: `OMP_NUM_THREADS`, or one for each core.
  static let count = openMP.map { Int($0.maximumThreads()) } ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// Does `body` once for each of `count` shares of the work, all at once.
  ///
  /// What is in a share should follow from its number and `count` alone, so that sums come out the same in every run.
  static func run(_ body: @Sendable (_ share: Int) -> Void) {
    guard let openMP else {
      DispatchQueue.concurrentPerform(iterations: count, execute: body)
      return
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { work in
        openMP.parallel(runShares, UnsafeMutableRawPointer(mutating: work), UInt32(count), 0)
      }
    }
  }

  /// Does `body` for each of `total` things, each thread its share of neighbours.
  static func forEach(_ total: Int, _ body: @Sendable (Int) -> Void) {
    run { share in
      for index in range(of: share, total: total) { body(index) }
    }
  }

  /// The indices of one of several parts of `total` things: neighbours, cut at multiples of `granularity`.
  static func range(of part: Int, in parts: Int = count, total: Int, granularity: Int = 1) -> Range<Int> {
    let units = (total + granularity - 1) / granularity
    let (first, last) = (units * part / parts, units * (part + 1) / parts)
    return min(first * granularity, total)..<min(last * granularity, total)
  }

  /// How many things are in the largest of several such parts, at most.
  static func largestPart(of total: Int, in parts: Int, granularity: Int) -> Int {
    let units = (total + granularity - 1) / granularity
    return (units + parts - 1) / parts * granularity
  }

  private typealias Work = @Sendable (Int) -> Void

  /// What each thread of the team does: OpenMP may give fewer threads than there are shares.
  private static let runShares: OpenMP.Region = { context in
    guard let openMP = ThreadTeam.openMP, let work = context?.assumingMemoryBound(to: Work.self).pointee else { return }
    let threads = Int(openMP.threadCount())
    for share in stride(from: Int(openMP.threadNumber()), to: ThreadTeam.count, by: threads) { work(share) }
  }

  private static let openMP = OpenMP()

  /// The functions that gcc's code calls, by which oneDNN is compiled; LLVM's library has them, too.
  private struct OpenMP: Sendable {
    typealias Region = @convention(c) (UnsafeMutableRawPointer?) -> Void
    typealias Parallel = @convention(c) (Region, UnsafeMutableRawPointer?, UInt32, UInt32) -> Void
    typealias Count = @convention(c) () -> Int32

    let parallel: Parallel
    let maximumThreads: Count
    let threadCount: Count
    let threadNumber: Count

    /// Nil where oneDNN brought no OpenMP along.
    init?() {
      guard
        let parallel: Parallel = Self.function("GOMP_parallel"),
        let maximumThreads: Count = Self.function("omp_get_max_threads"),
        let threadCount: Count = Self.function("omp_get_num_threads"),
        let threadNumber: Count = Self.function("omp_get_thread_num")
      else { return nil }
      (self.parallel, self.maximumThreads) = (parallel, maximumThreads)
      (self.threadCount, self.threadNumber) = (threadCount, threadNumber)
    }

    private static func function<Function>(_ name: String) -> Function? {
      // RTLD_DEFAULT, which Swift cannot import.
      #if canImport(Darwin)
        let everywhere = UnsafeMutableRawPointer(bitPattern: -2)
      #else
        let everywhere: UnsafeMutableRawPointer? = nil
      #endif
      return dlsym(everywhere, name).map { unsafeBitCast($0, to: Function.self) }
    }
  }
}
