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

  @Test(arguments: cases.filter { !($0.classWeights != nil && $0.labelSmoothing > 0) })
  func `cross-entropy and its gradient agree with PyTorch`(_ golden: Case) {
    let classes = golden.logitsShape[1]
    var logits = Golden.fill(
      "\(golden.name).logits", count: golden.logitsShape.reduce(1, *), low: golden.logitsRange[0],
      high: golden.logitsRange[1])
    var gradient = [Float](repeating: 0, count: logits.count)
    let targets =
      golden.softTargets?.values
      ?? SoftmaxCrossEntropy.targets(labels: golden.labels, classes: classes, smoothing: golden.labelSmoothing)
    let weights = golden.classWeights.map { weights in golden.labels.map { weights[$0] } }
    let loss = logits.withUnsafeMutableBufferPointer { logits in
      gradient.withUnsafeMutableBufferPointer {
        SoftmaxCrossEntropy.lossAndGradient(
          logits: logits, targets: targets, weights: weights, classes: classes, gradient: $0)
      }
    }
    #expect(abs(loss - golden.loss) < 1e-5)
    #expect(relativeError(gradient, golden.logitsGradient.values) < 1e-5)
  }

  @Test func `the golden file has the cases`() { #expect(LossTests.cases.count >= 4) }

  @Test func `softmax of large logits stays finite and sums to one`() {
    var logits: [Float] = [1000, 999, -1000, 0, 0, 0]
    logits.withUnsafeMutableBufferPointer { SoftmaxCrossEntropy.softmax($0, classes: 3) }
    #expect(abs(logits[0] + logits[1] + logits[2] - 1) < 1e-6)
    #expect(abs(logits[3] - 1 / 3) < 1e-6)
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
