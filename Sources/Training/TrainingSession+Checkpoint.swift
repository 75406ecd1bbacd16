internal import Curation
internal import Foundation
internal import NeuralNet

extension TrainingSession {
  /// Writes weights, the optimizer's state, the weights' average, the best weights and what is beside them.
  func save(to url: URL) throws {
    var tensors = prefixed("model.", try network.exportTensors())
    for (name, buffer) in optimizer.stateBuffers {
      tensors += prefixed("\(name).", try network.exportLike(parameters: buffer))
    }
    if let average { tensors += prefixed("average.", try average.exportTensors()) }
    if let earlyLearning {
      let shape = [earlyLearning.memory.count / earlyLearning.classes, earlyLearning.classes]
      tensors.append(NamedTensor(name: Self.memoryName, shape: shape, values: earlyLearning.memory))
    }
    tensors += prefixed("best.", best)
    let state = String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
    try Safetensors.write(Safetensors.Contents(tensors: tensors, metadata: ["fercure.training": state]), to: url)
  }

  /// Takes up where a checkpoint left off; does nothing if there is none.
  ///
  /// - Parameter replacesOthers: ignore the checkpoint of another recipe, which will be overwritten, in place of throwing.
  func resume(from url: URL, replacesOthers: Bool) throws {
    let path = url.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path) else { return }
    let contents: Safetensors.Contents
    let saved: State
    do {
      contents = try Safetensors.read(url)
      guard let text = contents.metadata["fercure.training"],
        let decoded = try? JSONDecoder().decode(State.self, from: Data(text.utf8))
      else { throw TrainingError.notAModel(path) }
      saved = decoded
      guard saved.fingerprint == state.fingerprint else { throw TrainingError.otherRecipe(path) }
    } catch {
      if replacesOthers { return }
      throw error
    }
    try network.importTensors(unprefixed("model.", contents.tensors))
    for (name, buffer) in optimizer.stateBuffers {
      try network.importLike(parameters: buffer, from: unprefixed("\(name).", contents.tensors))
    }
    try average?.importTensors(unprefixed("average.", contents.tensors))
    if earlyLearning != nil {
      guard let memory = contents.tensors.first(where: { $0.name == Self.memoryName }),
        memory.values.count == earlyLearning?.memory.count
      else { throw TrainingError.notAModel(path) }
      earlyLearning?.restore(memory.values)
    }
    best = unprefixed("best.", contents.tensors)
    state = saved
    optimizer.stepCount = min(totalSteps, saved.epoch * stepsPerEpoch)
  }

  private static let memoryName = "earlyLearning.memory"

  private func prefixed(_ prefix: String, _ tensors: [NamedTensor]) -> [NamedTensor] {
    tensors.map { NamedTensor(name: prefix + $0.name, shape: $0.shape, values: $0.values) }
  }

  private func unprefixed(_ prefix: String, _ tensors: [NamedTensor]) -> [NamedTensor] {
    tensors.filter { $0.name.hasPrefix(prefix) }
      .map { NamedTensor(name: String($0.name.dropFirst(prefix.count)), shape: $0.shape, values: $0.values) }
  }

  /// A text that differs when recipe, seed, classes, pictures, targets, validation or the tensors of the network do: what a
  /// name stands for may change from version to version.
  static func fingerprint(
    _ trainer: Trainer, network: Network, set: ImageSet, targets: TrainingTargets,
    validation: (set: ImageSet, labels: [Int])?, earlyLearning: EarlyLearning? = nil
  ) throws -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01b3 }
    func mix(_ text: String) { for byte in text.utf8 { mix(UInt64(byte)) } }
    func mix(_ set: ImageSet, _ labels: [Int]) {
      mix(UInt64(set.count))
      for (sample, label) in zip(set.samples, labels) {
        mix(sample.pixelHash)
        mix(UInt64(bitPattern: Int64(label)))
      }
    }
    mix(set, targets.labels)
    if let validation { mix(validation.set, validation.labels) }
    for name in trainer.classes { mix(name + "\n") }
    mix(trainer.recordsDependOn)
    for tensor in network.parameters + network.states { mix("\(tensor.name) \(tensor.count)\n") }
    for (index, distribution) in targets.distributions.sorted(by: { $0.key < $1.key }) {
      mix(UInt64(index))
      for value in distribution { mix(UInt64(value.bitPattern)) }
    }
    for tensor in trainer.startingWeights { for value in tensor.values { mix(UInt64(value.bitPattern)) } }
    for value in targets.transition?.flatMap({ $0 }) ?? [] { mix(UInt64(value.bitPattern)) }
    // Where it is that of the recipe, the recipe says so.
    if let beta = earlyLearning?.momentum, beta != trainer.recipe.earlyLearningMomentum { mix("beta \(beta)\n") }
    let selfCure = try trainer.selfCure.map { try RecipeFile.json($0) } ?? ""
    return "\(trainer.seed) \(hash) \(try RecipeFile.json(trainer.recipe)) \(selfCure)"
  }
}
