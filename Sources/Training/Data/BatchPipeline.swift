internal import Dispatch
internal import Randomness
internal import Synchronization

/// Makes the batches of one epoch on a thread of its own, a few ahead of the network.
///
/// What a batch looks like follows from seed, epoch and sample alone, whoever makes it and when.
final class BatchPipeline: @unchecked Sendable {
  /// One batch: positions in the set, and the input [N, C, H, W].
  struct Batch {
    let indices: [Int]
    let input: UnsafeMutableBufferPointer<Float>
  }

  private let slots: [UnsafeMutableBufferPointer<Float>]
  private let free: DispatchSemaphore
  private let filled = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)
  private let isStopped = Atomic<Bool>(false)
  private let batches: [[Int]]
  private var next = 0
  /// The batch that could not be made, and why.
  private let failure = Mutex<(batch: Int, error: any Error)?>(nil)

  /// Starts making batches.
  init(_ batches: [[Int]], of set: ImageSet, preprocessing: Preprocessing, seed: UInt64, epoch: Int) {
    self.batches = batches
    let length = set.channels * preprocessing.size * preprocessing.size
    let largest = batches.map(\.count).max() ?? 0
    let depth = 3
    free = DispatchSemaphore(value: depth)
    slots = (0..<depth).map { _ in .allocate(capacity: largest * length) }
    DispatchQueue(label: "fercure.batches", qos: .userInitiated).async { [self] in
      defer { finished.signal() }
      for (number, indices) in batches.enumerated() {
        free.wait()
        if isStopped.load(ordering: .acquiring) { return }
        let slot = slots[number % depth]
        do {
          for (row, index) in indices.enumerated() {
            var generator = SeededGenerator(seed: seed ^ UInt64(epoch) << 40 ^ UInt64(index) &* 0x9e37_79b9_7f4a_7c15)
            try preprocessing.write(
              set, index, using: &generator,
              to: UnsafeMutableBufferPointer(rebasing: slot[(row * length)..<((row + 1) * length)]))
          }
        } catch {
          failure.withLock { $0 = (number, error) }
        }
        filled.signal()
        if failure.withLock({ $0 != nil }) { return }
      }
    }
  }

  /// The next batch, whose memory is given back with `release()`; nil after the last.
  func nextBatch() throws -> Batch? {
    guard next < batches.count else { return nil }
    filled.wait()
    if let failure = failure.withLock({ $0 }), failure.batch == next { throw failure.error }
    defer { next += 1 }
    return Batch(indices: batches[next], input: slots[next % slots.count])
  }

  /// Gives the memory of the last batch back.
  func release() { free.signal() }

  /// Ends the thread; batches not taken are lost.
  func stop() {
    isStopped.store(true, ordering: .releasing)
    free.signal()
    finished.wait()
    for slot in slots { slot.deallocate() }
    // A semaphore may not be destroyed below the value it was created with.
    for _ in slots { free.signal() }
  }
}
