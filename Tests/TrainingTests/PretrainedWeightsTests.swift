import NeuralNet
import Testing

@testable import Training

/// Weights of one network as the start of another.
struct PretrainedWeightsTests {
  private func network(_ name: String = "resnet10-mini", channels: Int, classes: Int) throws -> Network {
    try Network(
      Architecture.named(name).model(size: 24, inputChannels: channels, classes: classes),
      inputShape: [1, channels, 24, 24], mode: .inference, seed: 5)
  }

  private func logits(_ network: Network) throws -> [Float] {
    try network.forward()
    return Array(network.output("logits"))
  }

  @Test func `A gray network with a colour network's weights sees gray pictures as that does`() throws {
    let (colour, gray) = (try network(channels: 3, classes: 4), try network(channels: 1, classes: 4))
    let fitted = try PretrainedWeights(colour.exportTensors(), for: gray.parameters + gray.states)
    #expect(fitted.remarks == ["conv1.weight has 3 input channels, the network 1: summed"])
    try gray.importTensors(fitted.tensors)
    for i in 0..<576 {
      let pixel = Float((i * 37) % 101) / 50 - 1
      gray.input[i] = pixel
      for channel in 0..<3 { colour.input[channel * 576 + i] = pixel }
    }
    let (seen, expected) = (try logits(gray), try logits(colour))
    for (a, b) in zip(seen, expected) { #expect(abs(a - b) < 1e-4, "\(seen) \(expected)") }
    // And back: each of three equal channels has a third of the weight.
    let other = try network(channels: 3, classes: 4)
    try other.importTensors(PretrainedWeights(gray.exportTensors(), for: other.parameters + other.states).tensors)
    for i in 0..<other.input.count { other.input[i] = colour.input[i] }
    let back = try logits(other)
    for (a, b) in zip(back, expected) { #expect(abs(a - b) < 1e-4) }
  }

  @Test func `Every tensor that does not fit is named`() throws {
    let (source, target) = (try network(channels: 1, classes: 10), try network(channels: 1, classes: 3))
    var stored = try source.exportTensors().map {
      NamedTensor(name: "module." + $0.name, shape: $0.shape, values: $0.values)
    }
    stored.removeAll { $0.name == "module.bn1.bias" }
    stored.append(NamedTensor(name: "head.extra", shape: [2], values: [1, 2]))
    // PyTorch's counters are scalars.
    for i in stored.indices where stored[i].name.hasSuffix("num_batches_tracked") { stored[i].shape = [] }
    let fitted = try PretrainedWeights(stored, for: target.parameters + target.states)
    #expect(
      Set(fitted.remarks) == [
        "bn1.bias is not in the file and starts by chance", "head.extra has no place in the network",
        "fc.weight has shape [10, 128], the network [3, 128]: it starts by chance",
        "fc.bias has shape [10], the network [3]: it starts by chance",
      ])
    #expect(fitted.tensors.count == target.parameters.count + target.states.count - 3)
    try target.importTensors(fitted.tensors, allowingMismatch: true)
    let loaded = try target.exportTensors().first { $0.name == "layer2.0.conv1.weight" }
    let expected = try source.exportTensors().first { $0.name == "layer2.0.conv1.weight" }
    #expect(loaded == expected)
  }

  @Test func `Another architecture is an error, and its weights change nothing`() throws {
    let (source, target) = (try network("vgg-micro", channels: 1, classes: 3), try network(channels: 1, classes: 3))
    #expect {
      try PretrainedWeights(source.exportTensors(), for: target.parameters + target.states)
    } throws: { error in
      guard case TrainingError.foreignWeights(let found, let total) = error else { return false }
      return found * 2 < total
    }
  }

  @Test func `Training starts from the weights it is given`() throws {
    let (set, labels) = try TrainerTests.set(32)
    var recipe = TrainingRecipe()
    (recipe.model, recipe.size, recipe.epochs, recipe.batchSize) = ("resnet10-mini", 24, 1, 16)
    recipe.learningRate = 1e-7
    recipe.weightDecay = 0
    let source = try Network(
      Architecture.named("resnet10-mini").model(size: 24, inputChannels: 1, classes: 3),
      inputShape: [1, 1, 24, 24], mode: .inference, seed: 99)
    var remarks: [String]?
    var trainer = Trainer(recipe: recipe, classes: ["left", "middle", "right"], seed: 3) {
      if case .startedFrom(let told) = $0 { remarks = told }
    }
    trainer.startingWeights = try source.exportTensors()
    let outcome = try trainer.train(set, targets: TrainingTargets(labels: labels))
    let (trained, first) = (outcome.model.tensors, try source.exportTensors())
    func values(_ tensors: [NamedTensor]) throws -> [Float] {
      try #require(tensors.first { $0.name == "layer1.0.conv1.weight" }).values
    }
    for (a, b) in zip(try values(trained), try values(first)) { #expect(abs(a - b) < 1e-4) }
    #expect(remarks == [])
    #expect(outcome.model.card.history?.count == 1 && outcome.model.card.history?.first?.seconds == 0)
  }
}
