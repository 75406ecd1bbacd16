import Foundation
import NeuralNet
import TestSupport

@testable import Explain

/// A model of named layers with the output `logits`.
struct LayerModel: Model {
  let layers: Sequential
  let head: Linear

  func build(_ input: TensorReference, into graph: GraphReference) throws -> [(name: String, tensor: TensorReference)] {
    let features = try layers.build(input, into: graph, path: "")
    return [("logits", try head.build(features, into: graph, path: "fc"))]
  }
}

/// Networks small enough to know everything about.
enum TestProbes {
  /// Logits that are linear in the picture: their weights, [classes, C, H, W] one after the other.
  static func linear(size: Int, channels: Int = 1, classes: Int = 3, weights: [Float]) throws -> Probe {
    let count = channels * size * size
    return try probe(
      LayerModel(layers: Sequential([]), head: Linear(inputCount: count, outputCount: classes)),
      shape: [channels, size, size],
      tensors: [
        NamedTensor(name: "fc.weight", shape: [classes, count], values: weights),
        NamedTensor(
          name: "fc.bias", shape: [classes], values: (0..<classes).map { Float($0) / 4 }),
      ])
  }

  /// conv1, bn1 with ReLU, conv2, bn2 with ReLU, the mean of each map, a linear head; weights follow from the seed.
  static func convolutional(
    size: Int = 12, channels: Int = 1, tensors: [NamedTensor]? = nil, precision: Precision = .float32
  ) throws -> Probe {
    let layers: [(name: String, layer: any NeuralNet.Layer)] = [
      ("conv1", Conv2D(inputChannels: channels, outputChannels: 6, kernelSize: 3)),
      ("bn1", BatchNorm2D(channels: 6, fusesReLU: true)),
      ("conv2", Conv2D(inputChannels: 6, outputChannels: 8, kernelSize: 3, stride: 2)),
      ("bn2", BatchNorm2D(channels: 8, fusesReLU: true)),
      ("", GlobalAveragePool2D()),
    ]
    return try probe(
      LayerModel(layers: Sequential(layers), head: Linear(inputCount: 8, outputCount: 3)),
      shape: [channels, size, size], tensors: tensors, precision: precision)
  }

  /// A small residual network: its convolutions can be those of 8-bit integers.
  static func residual(precision: Precision) throws -> Probe {
    let backbone = ResNet(stem: .threeByThree, widths: [16, 32], depths: [1, 1])
    return try probe(
      LayerModel(layers: backbone.layers, head: Linear(inputCount: 32, outputCount: 3)), shape: [1, 24, 24],
      tensors: nil, precision: precision)
  }

  private static func probe(
    _ model: LayerModel, shape: [Int], tensors: [NamedTensor]?, precision: Precision = .float32
  ) throws -> Probe {
    try Probe(precision: precision, batch: 16) { batch, precision, gradients, layers in
      let network = try Network(
        model, inputShape: [batch] + shape, mode: .inference, gradients: gradients, precision: precision,
        exposing: layers, seed: 7)
      if let tensors { try network.importTensors(tensors) }
      return network
    }
  }
}

/// The golden values of `tools/golden/explain.py`.
struct GoldenExplanations: Decodable {
  struct Tensor: Decodable {
    let shape: [Int]
    let low: Double
    let high: Double
  }
  struct Ridge: Decodable {
    let count: Int
    let width: Int
    let penalty: Double
    let coefficients: [Double]
    let intercept: Double
    let r2: Double
  }

  let size: Int
  let target: Int
  let rival: Int
  let tensors: [String: Tensor]
  let logits: [Float]
  let saliency: [Float]
  let contrastiveSaliency: [Float]
  let integratedGradients: [Float]
  let gradCAM: [Float]
  let scoreCAM: [Float]
  let occlusion: [Float]
  let ridge: Ridge

  static func load() throws -> GoldenExplanations {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/explain.json")
    return try JSONDecoder().decode(GoldenExplanations.self, from: Data(contentsOf: url))
  }

  /// The network of the golden values.
  func probe() throws -> Probe {
    let stored = tensors.map { name, tensor in
      NamedTensor(
        name: name, shape: tensor.shape,
        values: Golden.fill("explain.\(name)", count: tensor.shape.reduce(1, *), low: tensor.low, high: tensor.high))
    }
    let counters = ["bn1", "bn2"].map { NamedTensor(name: "\($0).num_batches_tracked", shape: [1], values: [0]) }
    return try TestProbes.convolutional(size: size, tensors: stored + counters)
  }

  /// The picture of the golden values.
  var picture: [Float] { Golden.fill("explain.picture", count: size * size, low: -1.5, high: 1.5) }
}

/// The largest difference of two lists.
func distance(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}
