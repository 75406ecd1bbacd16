/// An exponential moving average of a network's weights and running statistics.
///
/// average += (1 - d) (weights - average) after each step t = 1, 2 ..., with d = min(decay, (1 + t) / (10 + t)): young
/// averages forget faster, so that the first, random weights do not linger. Source: Polyak and Juditsky 1992; the
/// warm-up of d is TensorFlow's.
public final class WeightAverage {
  /// The share of the average that is kept in each step, in the long run.
  public let decay: Float
  private let network: Network
  private let values: UnsafeMutableBufferPointer<Float>
  private var statistics: [[Float]]

  /// Begins with the network's weights as they are.
  public init(of network: Network, decay: Float) {
    precondition((0..<1).contains(decay), "A decay is at least 0 and below 1")
    self.network = network
    self.decay = decay
    values = .allocate(capacity: network.parameterValues.count)
    _ = values.initialize(fromContentsOf: network.parameterValues)
    statistics = network.states.map { Array($0.value.floats) }
  }

  deinit { values.deallocate() }

  /// Moves the average towards the weights; `step` counts from 1.
  public func update(step: Int) {
    let rate = 1 - min(decay, Float(1 + step) / Float(10 + step))
    let (average, weights) = (Floats(values), Floats(network.parameterValues))
    ChunkedPass.run(over: average.count) { range in
      for i in range { average[i] += rate * (weights[i] - average[i]) }
    }
    for (index, state) in network.states.enumerated() {
      let current = state.value.floats
      // A counter is no statistic.
      let rate = state.name.hasSuffix("num_batches_tracked") ? 1 : rate
      for i in 0..<current.count { statistics[index][i] += rate * (current[i] - statistics[index][i]) }
    }
  }

  /// The averaged weights and statistics in checkpoint order, row-major.
  public func exportTensors() throws -> [NamedTensor] {
    try network.exportLike(parameters: values)
      + zip(network.states, statistics).map {
        NamedTensor(name: $0.name, shape: $0.canonicalShape, values: Array($1[..<$0.count]))
      }
  }

  /// Takes up where `exportTensors()` left off.
  public func importTensors(_ tensors: [NamedTensor]) throws {
    try network.importLike(parameters: values, from: tensors)
    let given = Dictionary(tensors.map { ($0.name, $0.values) }, uniquingKeysWith: { $1 })
    for (index, state) in network.states.enumerated() {
      guard let values = given[state.name] else { throw NeuralNetError.missingTensors([state.name]) }
      statistics[index].replaceSubrange(0..<values.count, with: values)
    }
  }
}
