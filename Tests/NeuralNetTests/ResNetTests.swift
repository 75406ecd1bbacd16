import TestSupport
import Testing

@testable import NeuralNet

@Suite struct ResNetTests {
  struct File: Decodable { let cases: [Case] }
  struct Key: Decodable {
    let name: String
    let shape: [Int]
    let low: Double?
    let high: Double?
  }
  struct Summary: Decodable {
    let norm: Float
    let sum: Float
    let first: [Float]
  }
  struct Case: Decodable, CustomTestStringConvertible {
    let name, stem, parameterPrefix, inputName: String
    let inputChannels, classes, parameterCount: Int
    let inputShape: [Int]
    let inputRange: [Double]
    let labels: [Int]
    let keys: [Key]
    let trainLogits, evalLogits: GoldenTensor
    let loss: Float
    let inputGradient: Summary
    let parameterGradients: [String: Summary]
    let buffers: [String: Summary]
    var testDescription: String { name }

    func model() throws -> Classifier {
      try Architecture.named(stem == "7x7" ? "resnet18" : "resnet18-3x3")
        .model(size: 48, inputChannels: inputChannels, classes: classes)
    }

    func tensors() -> [NamedTensor] {
      keys.compactMap { key in
        guard let low = key.low, let high = key.high else { return nil }
        return NamedTensor(
          name: key.name, shape: key.shape,
          values: Golden.fill(parameterPrefix + key.name, count: key.shape.reduce(1, *), low: low, high: high))
      }
    }

    func input() -> [Float] {
      Golden.fill(inputName, count: inputShape.reduce(1, *), low: inputRange[0], high: inputRange[1])
    }
  }

  static let cases: [Case] = (try? Golden.load(File.self, "resnet18.json").cases) ?? []

  @Test func `the golden file has both stems in gray and colour`() { #expect(ResNetTests.cases.count == 4) }

  @Test(arguments: cases)
  func `ResNet18 has torchvision's parameters`(_ golden: Case) throws {
    let network = try Network(golden.model(), inputShape: [1] + golden.inputShape[1...], mode: .inference, seed: 3)
    #expect(network.parameterCount == golden.parameterCount)
    let own = try network.exportTensors().map { "\($0.name) \($0.name.hasSuffix("tracked") ? [] : $0.shape)" }
    #expect(Set(own) == Set(golden.keys.map { "\($0.name) \($0.shape)" }))
  }

  @Test(arguments: cases, [Precision.float32, .bfloat16])
  func `ResNet18 agrees with PyTorch in training and in inference`(_ golden: Case, _ precision: Precision) throws {
    // The deep network multiplies rounding: PyTorch's own float32 differs from float64 by up to 6e-4 in gradients.
    let tolerance: Float = precision == .float32 ? 2e-3 : 0.25
    let network = try Network(
      golden.model(), inputShape: golden.inputShape, mode: .training, gradients: [.parameters, .input],
      precision: precision, seed: 0)
    try network.importTensors(golden.tensors(), allowingMismatch: true)
    network.input.fill(with: golden.input())
    try network.forward()
    let logits = network.output("logits")
    #expect(relativeError(logits, golden.trainLogits.values) < (precision == .float32 ? 1e-4 : 0.1))
    let loss = SoftmaxCrossEntropy.lossAndGradient(
      logits: logits, targets: SoftmaxCrossEntropy.targets(labels: golden.labels, classes: golden.classes),
      classes: golden.classes, gradient: network.outputGradient("logits"))
    #expect(abs(loss - golden.loss) < (precision == .float32 ? 1e-4 : 0.15))
    try network.backward()
    for parameter in network.parameters {
      guard let reference = golden.parameterGradients[parameter.name] else { continue }
      let values = try network.exportGradient(of: parameter).values
      let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(norm - reference.norm) / reference.norm < tolerance, "norm of \(parameter.name)")
      if precision == .float32 {
        #expect(relativeError(values.prefix(8), reference.first) < 0.02, "values of \(parameter.name)")
      }
    }
    guard precision == .float32 else { return }
    #expect(relativeError(network.inputGradient.prefix(8), golden.inputGradient.first) < 0.1)

    let inference = try Network(golden.model(), inputShape: golden.inputShape, mode: .inference, seed: nil)
    try inference.importTensors(network.exportTensors())
    inference.input.fill(with: golden.input())
    try inference.forward()
    #expect(relativeError(inference.output("logits"), golden.evalLogits.values) < 1e-4)
  }
}
