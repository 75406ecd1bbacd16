import Testing

@testable import NeuralNet

@Suite struct WeightAverageTests {
  private func network() throws -> Network {
    try Network(
      SingleLayer(
        layer: Sequential([
          ("conv", Conv2D(inputChannels: 1, outputChannels: 16, kernelSize: 3)), ("bn", BatchNorm2D(channels: 16)),
        ])), inputShape: [2, 1, 6, 6], mode: .training, gradients: .parameters, seed: 4)
  }

  @Test func `the average follows weights and statistics by the formula, and counters as they are`() throws {
    let network = try network()
    let average = WeightAverage(of: network, decay: 0.5)
    var wanted = try network.exportTensors().map(\.values)
    for step in 1...6 {
      for i in 0..<network.input.count { network.input[i] = Float((i * 7 + step * 3) % 11) / 11 }
      network.parametersDidChange()
      try network.forward()
      for i in 0..<network.parameterValues.count { network.parameterValues[i] *= 1.1 }
      average.update(step: step)
      // d = min(0.5, (1 + t) / (10 + t)): 2/11, 3/12, 4/13 ... and 0.5 from the eighth step on.
      let rate = 1 - min(0.5, Float(1 + step) / Float(10 + step))
      for (index, tensor) in try network.exportTensors().enumerated() {
        let isCounter = tensor.name.hasSuffix("num_batches_tracked")
        wanted[index] = zip(wanted[index], tensor.values).map { old, new in
          isCounter ? new : old + rate * (new - old)
        }
      }
    }
    let exported = try average.exportTensors()
    #expect(exported.map(\.name) == (try network.exportTensors().map(\.name)))
    for (tensor, values) in zip(exported, wanted) {
      for (a, b) in zip(tensor.values, values) { #expect(abs(a - b) < 1e-5, "\(tensor.name)") }
    }
  }

  @Test func `an average that was stored goes on as it was`() throws {
    let network = try network()
    let average = WeightAverage(of: network, decay: 0.9)
    for i in 0..<network.parameterValues.count { network.parameterValues[i] += 0.25 }
    average.update(step: 1)
    let resumed = WeightAverage(of: network, decay: 0.9)
    try resumed.importTensors(average.exportTensors())
    for each in [average, resumed] { each.update(step: 2) }
    #expect(try average.exportTensors() == resumed.exportTensors())
    #expect(throws: NeuralNetError.self) { try resumed.importTensors([]) }
  }
}
