import Foundation
import TestSupport
import Testing

@testable import NeuralNet

@Suite struct LossTests {
  struct File: Decodable { let crossEntropy: [Case] }
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let logitsShape: [Int]
    let logitsRange: [Double]
    let labels: [Int]
    let labelSmoothing: Float
    let classWeights: [Float]?
    let softTargets: GoldenTensor?
    let loss: Float
    let logitsGradient: GoldenTensor
    var testDescription: String { name }
  }

  static let cases: [Case] = (try? Golden.load(File.self, "losses.json").crossEntropy) ?? []

  @Test(arguments: cases, Losses.all.map { $0.name })
  func `each loss and its gradient agree with PyTorch`(_ golden: Case, _ name: String) throws {
    let loss = try Losses.named(name)
    let classes = golden.logitsShape[1]
    var logits = Golden.fill(
      "\(golden.name).logits", count: golden.logitsShape.reduce(1, *), low: golden.logitsRange[0],
      high: golden.logitsRange[1])
    var gradient = [Float](repeating: 0, count: logits.count)
    var targets =
      golden.softTargets?.values
      ?? SoftmaxCrossEntropy.targets(labels: golden.labels, classes: classes, smoothing: golden.labelSmoothing)
    let weights = golden.classWeights.map { weights in golden.labels.map { weights[$0] } }
    if let classWeights = golden.classWeights, let weights {
      // Smoothed targets of a weighted loss have the weight of each class rather than of the label.
      for i in targets.indices { targets[i] *= classWeights[i % classes] / weights[i / classes] }
    }
    let value = logits.withUnsafeMutableBufferPointer { logits in
      gradient.withUnsafeMutableBufferPointer {
        loss.lossAndGradient(logits: logits, targets: targets, weights: weights, classes: classes, gradient: $0)
      }
    }
    #expect(abs(value - golden.loss) < 1e-5)
    #expect(relativeError(gradient, golden.logitsGradient.values) < 1e-5)
  }

  @Test func `a loss may write its gradient over the outputs`() throws {
    for loss in Losses.all {
      var logits: [Float] = [1, 2, 3, -1, 0.5, 4]
      var apart = logits
      let targets: [Float] = [1, 0, 0, 0.25, 0.5, 0.25]
      var gradient = [Float](repeating: 0, count: 6)
      apart.withUnsafeMutableBufferPointer { z in
        gradient.withUnsafeMutableBufferPointer { g in
          _ = loss.lossAndGradient(logits: z, targets: targets, weights: nil, classes: 3, gradient: g)
        }
      }
      logits.withUnsafeMutableBufferPointer { z in
        _ = loss.lossAndGradient(logits: z, targets: targets, weights: nil, classes: 3, gradient: z)
      }
      #expect(logits == gradient, "\(loss.name)")
    }
  }

  @Test func `the golden file has the cases`() { #expect(LossTests.cases.count >= 5) }

  @Test func `softmax of large logits stays finite and sums to one`() {
    var logits: [Float] = [1000, 999, -1000, 0, 0, 0]
    logits.withUnsafeMutableBufferPointer { SoftmaxCrossEntropy.softmax($0, classes: 3) }
    #expect(abs(logits[0] + logits[1] + logits[2] - 1) < 1e-6)
    #expect(abs(logits[3] - 1 / 3) < 1e-6)
  }

  /// Held to early learning, a target can fall a little below nought.
  @Test func `the loss counts targets below nought`() {
    let (p, targets): ([Float], [Float]) = ([0.6, 0.4], [0.9, -0.03])
    let expected = zip(p, targets).reduce(0.0) { $0 - Double($1.1) * log(Double($1.0)) }
    for loss in [SoftmaxCrossEntropy.self, NegativeLogLikelihood.self] as [any Loss.Type] {
      var (logits, gradient) = (p.map { log($0) }, [Float](repeating: 0, count: 2))
      let value = logits.withUnsafeMutableBufferPointer { logits in
        gradient.withUnsafeMutableBufferPointer {
          loss.lossAndGradient(logits: logits, targets: targets, weights: nil, classes: 2, gradient: $0)
        }
      }
      #expect(abs(Double(value) - expected) < 1e-6, "\(loss.name)")
    }
  }

  @Test func `samples of weight zero have no gradient`() {
    var logits: [Float] = [1, 2, 3, 4]
    var gradient: [Float] = [9, 9, 9, 9]
    let loss = logits.withUnsafeMutableBufferPointer { logits in
      gradient.withUnsafeMutableBufferPointer {
        SoftmaxCrossEntropy.lossAndGradient(
          logits: logits, targets: [1, 0, 0, 1], weights: [0, 0], classes: 2, gradient: $0)
      }
    }
    #expect(loss == 0)
    #expect(gradient == [0, 0, 0, 0])
  }
}
