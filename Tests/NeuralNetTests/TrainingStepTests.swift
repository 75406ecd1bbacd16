import TestSupport
import Testing

@testable import NeuralNet

/// Ten steps of training against PyTorch's losses.
@Suite struct TrainingStepTests {
  struct File: Decodable {
    let inputShape: [Int]
    let inputRange: [Double]
    let labels: [[Int]]
    let baseWidth, classes, steps: Int
    let parameterPrefix: String
    let cases: [Case]
  }
  struct SelfCure: Decodable {}
  /// How far PyTorch's own float32 strays from its float64: ten steps multiply rounding.
  struct Tolerance: Decodable {
    let losses: [Float]
    let fcWeightFirst: Float
  }
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let momentum, weightDecay: Float
    let nesterov: Bool
    let learningRates: [Float]
    let keys: [ResNetTests.Key]?
    let losses: [Float]
    let fcWeightFirst: [Float]
    let parameterNorm: Float
    let selfCure: SelfCure?
    let tolerance: Tolerance
    var testDescription: String { name }
  }

  static let file = try? Golden.load(File.self, "training.json")
  /// The self-cure case is tested where its loss is.
  static let cases = file?.cases.filter { $0.selfCure == nil } ?? []

  @Test(arguments: cases, [Precision.float32, .bfloat16])
  func `ten steps of SGD give PyTorch's losses`(_ golden: Case, _ precision: Precision) throws {
    let file = try #require(TrainingStepTests.file)
    let keys = try #require(golden.keys ?? file.cases.first?.keys)
    let width = file.baseWidth
    let backbone = ResNet(stem: .sevenBySeven, widths: [width, width * 2, width * 4, width * 8])
    let model = Classifier(backbone: backbone.layers, featureCount: backbone.featureCount, classes: file.classes)
    let network = try Network(
      model, inputShape: file.inputShape, mode: .training, gradients: .parameters, precision: precision, seed: 0)
    try network.importTensors(
      keys.compactMap { key in
        guard let low = key.low, let high = key.high else { return nil }
        return NamedTensor(
          name: key.name, shape: key.shape,
          values: Golden.fill(file.parameterPrefix + key.name, count: key.shape.reduce(1, *), low: low, high: high))
      }, allowingMismatch: true)
    let optimizer = SGD(
      parameterCount: network.parameterValues.count, learningRate: 0, momentum: golden.momentum,
      isNesterov: golden.nesterov, weightDecay: golden.weightDecay)
    for step in 0..<file.steps {
      network.input.fill(
        with: Golden.fill(
          "training.input.\(step)", count: network.input.count, low: file.inputRange[0], high: file.inputRange[1]))
      try network.forward()
      let loss = SoftmaxCrossEntropy.lossAndGradient(
        logits: network.output("logits"),
        targets: SoftmaxCrossEntropy.targets(labels: file.labels[step], classes: file.classes), classes: file.classes,
        gradient: network.outputGradient("logits"))
      let tolerance = precision == .float32 ? 1e-4 + 4 * golden.tolerance.losses[...step].reduce(0, max) : 0.3
      #expect(abs(loss - golden.losses[step]) < tolerance, "loss of step \(step)")
      try network.backward()
      optimizer.learningRate = golden.learningRates[step]
      optimizer.step(values: network.parameterValues, gradients: network.parameterGradients)
      network.parametersDidChange()
    }
    guard precision == .float32 else { return }
    let tensors = try network.exportTensors()
    let weight = try #require(tensors.first { $0.name == "fc.weight" })
    let difference = zip(weight.values, golden.fcWeightFirst).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(difference < 1e-4 + 4 * golden.tolerance.fcWeightFirst)
    let trained = Set(network.parameters.map(\.name))
    let norm = tensors.filter { trained.contains($0.name) }
      .reduce(0.0) { $0 + $1.values.reduce(0.0) { $0 + Double($1) * Double($1) } }.squareRoot()
    #expect(abs(Float(norm) - golden.parameterNorm) / golden.parameterNorm < 1e-4)
  }

  @Test func `the golden file has the variants`() { #expect(TrainingStepTests.cases.count >= 3) }
}
