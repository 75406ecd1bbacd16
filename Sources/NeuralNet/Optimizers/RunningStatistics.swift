/// A copy of a network's running statistics, to put them back: SAM's second look must leave no trace in them.
public final class RunningStatistics {
  private let network: Network
  private let saved: UnsafeMutableBufferPointer<Float>

  /// Makes room for the statistics of a network.
  public init(of network: Network) {
    self.network = network
    saved = .allocate(capacity: network.states.reduce(0) { $0 + $1.value.floats.count })
    saved.initialize(repeating: 0)
  }

  deinit { saved.deallocate() }

  /// Does `body`, and puts the statistics back as they were before.
  public func kept<Result>(during body: () throws -> Result) rethrows -> Result {
    forEach { saved, current in _ = saved.update(fromContentsOf: current) }
    defer { forEach { saved, current in _ = current.update(fromContentsOf: saved) } }
    return try body()
  }

  private func forEach(_ body: (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void) {
    var offset = 0
    for state in network.states {
      let current = state.value.floats
      body(UnsafeMutableBufferPointer(rebasing: saved[offset..<(offset + current.count)]), current)
      offset += current.count
    }
  }
}
