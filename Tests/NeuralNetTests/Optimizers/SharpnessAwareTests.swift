import TestSupport
import Testing

@testable import NeuralNet

/// SAM around a network: what the second look may change, and what it may not.
@Suite struct SharpnessAwareTests {
  struct File: Decodable { let network: Case }
  struct Case: Decodable {
    let keys: [ResNetTests.Key]
    let parameterPrefix: String
    let inputShape: [Int]
    let inputRange: [Double]
    let baseWidth, classes: Int
    let labels: [[Int]]
    let losses, secondLosses, runningMean: [Float]
    let tolerance: Tolerance
  }
  struct Tolerance: Decodable { let losses, secondLosses, runningMean: Float }

  @Test func `both looks at a ResNet18 have PyTorch's losses, and batch norm remembers the first alone`() throws {
    let golden = try Golden.load(File.self, "optimizers.json").network
    let width = golden.baseWidth
    let backbone = ResNet(stem: .sevenBySeven, widths: [width, width * 2, width * 4, width * 8])
    let model = Classifier(backbone: backbone.layers, featureCount: backbone.featureCount, classes: golden.classes)
    let network = try Network(
      model, inputShape: golden.inputShape, mode: .training, gradients: .parameters, seed: 0)
    try network.importTensors(
      golden.keys.compactMap { key in
        guard let low = key.low, let high = key.high else { return nil }
        return NamedTensor(
          name: key.name, shape: key.shape,
          values: Golden.fill(golden.parameterPrefix + key.name, count: key.shape.reduce(1, *), low: low, high: high))
      }, allowingMismatch: true)
    let count = network.parameterValues.count
    let optimizer = SharpnessAware(
      base: SGD(parameterCount: count, learningRate: 0.005, momentum: 0.9, weightDecay: 5e-4), parameterCount: count,
      radius: 0.05)
    let statistics = RunningStatistics(of: network)
    func loss(_ labels: [Int]) -> Float {
      SoftmaxCrossEntropy.lossAndGradient(
        logits: network.output("logits"), targets: SoftmaxCrossEntropy.targets(labels: labels, classes: golden.classes),
        classes: golden.classes, gradient: network.outputGradient("logits"))
    }
    for (step, labels) in golden.labels.enumerated() {
      network.input.fill(
        with: Golden.fill(
          "training.input.\(step)", count: network.input.count, low: golden.inputRange[0], high: golden.inputRange[1]))
      try network.forward()
      let first = loss(labels)
      #expect(abs(first - golden.losses[step]) < 1e-4 + 4 * golden.tolerance.losses, "step \(step)")
      try network.backward()
      try optimizer.step(values: network.parameterValues, gradients: network.parameterGradients) {
        network.parametersDidChange()
        try statistics.kept { try network.forward() }
        let second = loss(labels)
        #expect(second > first, "the loss is higher where SAM looks")
        #expect(abs(second - golden.secondLosses[step]) < 1e-4 + 4 * golden.tolerance.secondLosses, "step \(step)")
        try network.backward()
      }
      network.parametersDidChange()
    }
    let tensors = try network.exportTensors()
    let mean = try #require(tensors.first { $0.name == "bn1.running_mean" }).values
    for (value, wanted) in zip(mean, golden.runningMean) {
      #expect(abs(value - wanted) < 1e-5 + 4 * golden.tolerance.runningMean)
    }
    let counter = try #require(tensors.first { $0.name == "bn1.num_batches_tracked" }).values
    #expect(counter == [Float(golden.labels.count)])
  }
}
