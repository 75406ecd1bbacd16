import Foundation
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

enum Golden {
  /// Decodes a file that `tools/golden/neuralnet.py` wrote.
  static func load<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/\(name)")
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }

  /// The values that the generator script gives a name: uniform between low and high, by FNV-1a and SplitMix64.
  static func fill(_ name: String, count: Int, low: Double, high: Double) -> [Float] {
    var state = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    return (0..<count).map { _ in
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      z ^= z >> 31
      return Float(low + (high - low) * (Double(z >> 40) * 0x1p-24))
    }
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
