import Foundation
import Randomness
import TestSupport
import Testing

@testable import NeuralNet

/// A tensor of a golden file: shape and row-major values.
struct GoldenTensor: Decodable {
  let shape: [Int]
  let values: [Float]
}

/// The range a parameter's values are drawn from by `fill`.
struct GoldenParameter: Decodable {
  let shape: [Int]
  let low: Double
  let high: Double
}

extension Golden {
  /// Decodes a file that `tools/golden/neuralnet.py` wrote.
  static func load<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/\(name)")
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
}

/// The largest difference between two tensors, as a share of the largest golden value (at least `floor`).
func relativeError(_ values: some Collection<Float>, _ golden: some Collection<Float>, floor: Float = 1e-3) -> Float {
  guard values.count == golden.count else { return .infinity }
  let scale = max(floor, golden.reduce(0) { max($0, abs($1)) })
  return zip(values, golden).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(largest, difference / scale)
  }
}

/// A model that is one layer with the output `y`.
struct SingleLayer: Model {
  let layer: any Layer

  func build(_ input: TensorReference, into graph: GraphReference) throws -> [(name: String, tensor: TensorReference)] {
    [("y", try layer.build(input, into: graph, path: ""))]
  }
}

extension UnsafeMutableBufferPointer where Element == Float {
  func fill(with values: some Collection<Float>) {
    precondition(values.count == count, "As many values as places")
    _ = update(fromContentsOf: values)
  }
}

extension Network {
  /// The weights, with vectors (biases, and what batch norms learn and count) drawn between 0.6 and 1.4: an untrained
  /// network's batch norms change nothing, so that a mistake in them would not show.
  func exportTensorsAsIfTrained() throws -> [NamedTensor] {
    var generator = SeededGenerator(seed: 3)
    return try exportTensors().map { tensor in
      guard tensor.shape.count == 1, !tensor.name.hasSuffix("num_batches_tracked") else { return tensor }
      return NamedTensor(
        name: tensor.name, shape: tensor.shape,
        values: tensor.values.map { _ in Float(generator.uniform(in: 0.6...1.4)) })
    }
  }
}
