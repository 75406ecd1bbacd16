import TestSupport
import Testing

@testable import NeuralNet

@Suite struct NetworkTests {
  private func small(mode: Mode = .training, dropout: Float = 0, seed: UInt64? = 7, batch: Int = 4) throws -> Network {
    let backbone = ResNet(stem: .threeByThreeStride2, widths: [16, 32], depths: [1, 1])
    let model = Classifier(
      backbone: backbone.layers, featureCount: backbone.featureCount, classes: 3, dropout: dropout)
    let network = try Network(
      model, inputShape: [batch, 1, 24, 24], mode: mode, gradients: mode == .training ? .parameters : [], seed: seed)
    network.input.fill(with: Golden.fill("network", count: network.input.count, low: -1, high: 1))
    return network
  }

  @Test func `the same seed gives the same weights and another seed others`() throws {
    let first = try small().exportTensors()
    #expect(try small().exportTensors() == first)
    #expect(try small(seed: 8).exportTensors() != first)
  }

  @Test func `exported weights give the same outputs in another network`() throws {
    let first = try small(mode: .inference)
    let second = try small(mode: .inference, seed: nil)
    try second.importTensors(first.exportTensors())
    try first.forward()
    try second.forward()
    #expect(Array(first.output("logits")) == Array(second.output("logits")))
  }

  @Test func `weights survive the way through a kernel's layout exactly`() throws {
    let network = try small()
    let tensors = try network.exportTensors()
    try network.importTensors(tensors)
    #expect(try network.exportTensors() == tensors)
  }

  @Test func `multiply-adds are those of the convolutions and the classifier, whatever the batch and the mode`() throws
  {
    // ResNet18 on gray 48x48: stem 24x24, stages 12x12, 6x6, 3x3 and 2x2, counted layer by layer.
    let stem = 24 * 24 * 64 * 49
    let stages = 144 * 36_864 * 4 + 36 * 524_288 + 9 * 2_097_152 + 4 * 8_388_608
    for (batch, mode) in [(1, Mode.inference), (2, .training)] {
      let network = try Network(
        Architecture.named("resnet18").model(size: 48, inputChannels: 1, classes: 7), inputShape: [batch, 1, 48, 48],
        mode: mode, gradients: mode == .training ? .parameters : [], seed: nil)
      #expect(network.multiplyAddsPerSample == stem + stages + 512 * 7)
      #expect(network.parameterCount == 11_173_831)
    }
  }

  @Test func `missing, misshapen and foreign tensors are errors that name them`() throws {
    let network = try small()
    let tensors = try network.exportTensors()
    #expect(throws: NeuralNetError.missingTensors(["fc.bias"])) {
      try network.importTensors(tensors.filter { $0.name != "fc.bias" })
    }
    #expect(throws: NeuralNetError.unexpectedTensors(["head.weight"])) {
      try network.importTensors(tensors + [NamedTensor(name: "head.weight", shape: [1], values: [0])])
    }
    var wrong = tensors
    let index = try #require(wrong.firstIndex { $0.name == "fc.bias" })
    wrong[index] = NamedTensor(name: "fc.bias", shape: [2], values: [0, 0])
    #expect(throws: NeuralNetError.shapeMismatch(name: "fc.bias", found: [2], expected: [3])) {
      try network.importTensors(wrong)
    }
    #expect(try network.importTensors(wrong, allowingMismatch: true) == ["fc.bias"])
  }

  @Test func `a network without a seed starts at zero, so that forgetting to load weights shows`() throws {
    let network = try small(mode: .inference, seed: nil)
    #expect(network.parameterValues.allSatisfy { $0 == 0 })
  }

  @Test func `an optimizer's state survives the way through checkpoint order`() throws {
    let network = try small()
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: network.parameterValues.count)
    defer { buffer.deallocate() }
    buffer.fill(with: network.parameterValues)
    let exported = try network.exportLike(parameters: buffer)
    buffer.update(repeating: 0)
    try network.importLike(parameters: buffer, from: exported)
    #expect(Array(buffer) == Array(network.parameterValues))
  }

  @Test func `running statistics move in training and stand still in inference`() throws {
    let training = try small()
    let before = try training.exportTensors()
    try training.forward()
    let after = try training.exportTensors()
    #expect(before.first { $0.name == "bn1.running_mean" } != after.first { $0.name == "bn1.running_mean" })
    #expect(after.first { $0.name == "bn1.num_batches_tracked" }?.values == [1])
    let inference = try small(mode: .inference)
    let still = try inference.exportTensors()
    try inference.forward()
    #expect(try inference.exportTensors() == still)
  }

  @Test func `a sample's output in inference does not depend on its neighbours`() throws {
    let network = try small(mode: .inference)
    try network.forward()
    let first = Array(network.output("logits").prefix(3))
    let pixels = network.input.count / 4
    for i in pixels..<network.input.count { network.input[i] = 0 }
    try network.forward()
    #expect(Array(network.output("logits").prefix(3)) == first)
  }

  @Test func `dropout drops its share in training, repeats for the same key and passes in inference`() throws {
    let model = SingleLayer(layer: Dropout(rate: 0.3))
    let network = try Network(
      model, inputShape: [8, 32, 4, 4], mode: .training, gradients: [.input], seed: 1)
    network.input.update(repeating: 1)
    try network.forward(dropoutKey: 11)
    let first = Array(network.output("y"))
    let dropped = Double(first.count { $0 == 0 }) / Double(first.count)
    #expect(abs(dropped - 0.3) < 0.03)
    #expect(first.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
    network.outputGradient("y").update(repeating: 1)
    try network.backward()
    #expect(Array(network.inputGradient) == first, "the gradient passes where the value passed")
    try network.forward(dropoutKey: 12)
    #expect(Array(network.output("y")) != first)
    try network.forward(dropoutKey: 11)
    #expect(Array(network.output("y")) == first)
    let inference = try Network(model, inputShape: [8, 32, 4, 4], mode: .inference, seed: 1)
    inference.input.update(repeating: 1)
    try inference.forward()
    #expect(inference.output("y").allSatisfy { $0 == 1 })
  }

  @Test func `a network that only predicts needs less than half the memory of one that trains`() throws {
    let model = try Architecture.named("resnet18").model(size: 48, inputChannels: 1, classes: 7)
    let training = try Network(
      model, inputShape: [32, 1, 48, 48], mode: .training, gradients: .parameters, seed: 1)
    let inference = try Network(model, inputShape: [32, 1, 48, 48], mode: .inference, seed: 1)
    #expect(inference.arenaByteCount * 2 < training.arenaByteCount)
  }

  @Test func `buffers that are alive at the same time never overlap in the plan`() {
    var state: UInt64 = 5
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<50 {
      let buffers = (0..<40).map { _ -> (byteCount: Int, firstStep: Int, lastStep: Int) in
        let first = random(30)
        return (1 + random(5000), first, first + random(8))
      }
      let plan = MemoryPlan(buffers)
      for i in buffers.indices {
        #expect(plan.offsets[i] % 128 == 0)
        for j in 0..<i where buffers[i].firstStep <= buffers[j].lastStep && buffers[j].firstStep <= buffers[i].lastStep
        {
          let apart =
            plan.offsets[i] + buffers[i].byteCount <= plan.offsets[j]
            || plan.offsets[j] + buffers[j].byteCount <= plan.offsets[i]
          #expect(apart, "buffers \(i) and \(j)")
        }
      }
      #expect(plan.byteCount <= buffers.reduce(0) { $0 + $1.byteCount + 128 })
    }
  }

  @Test func `rounding to bfloat16 is to nearest, ties to even`() {
    var values: [Float] = [1, 1.00390625, 1.01171875, 1.0 + 0x1p-9, -3.14159274, 0, .infinity, .nan]
    values.withUnsafeMutableBufferPointer { roundToBFloat16($0) }
    #expect(values[0...6] == [1, 1, 1.015625, 1, -3.140625, 0, .infinity])
    #expect(values[7].isNaN)
  }
}
