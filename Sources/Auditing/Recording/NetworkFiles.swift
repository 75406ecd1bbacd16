internal import Foundation
internal import NeuralNet
internal import Training

/// What a network said about its own samples in one epoch, as augmented, before each step's update.
struct EpochRecording {
  /// [M, C].
  var logits: [Float]
  /// [M].
  var importance: [Float]
  /// False for samples that were left over when the last batch was full.
  var isSeen: [Bool]
}

/// What a network says about a set of pictures when it is asked.
struct PassRecording {
  /// [N, C].
  var logits: [Float]
  /// [N, C] of the mirror images; empty when those were not looked at.
  var flipped: [Float]
  /// [N].
  var importance: [Float]
  /// [N, D], mean over picture and mirror image; empty when not kept.
  var features: [Float]
  /// How alike the features of picture and mirror image are, the cosine; empty when not known.
  var likeness: [Float]
}

/// The files of one network in the work folder.
struct NetworkFiles {
  let folder: URL
  let part: TrainingPart

  func create() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  /// The state of the training.
  var checkpoint: URL { file("") }
  /// Whether there is one.
  var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: checkpoint.path(percentEncoded: false)) }
  /// What was said about the members in the steps of an epoch.
  func training(_ epoch: Int) -> URL { file("-training-\(epoch)") }
  /// What was said after an epoch about the samples that were held out.
  func judged(_ epoch: Int) -> URL { file("-judged-\(epoch)") }
  /// What was said after an epoch about the members.
  func members(_ epoch: Int) -> URL { file("-members-\(epoch)") }

  private func file(_ name: String) -> URL { folder.appending(path: "\(part.fileName)\(name).safetensors") }

  func write(_ recording: EpochRecording, to url: URL) throws {
    let count = recording.isSeen.count
    try Safetensors.write(
      Safetensors.Contents(
        tensors: [
          NamedTensor(
            name: "logits", shape: [count, recording.logits.count / max(1, count)], values: recording.logits),
          NamedTensor(name: "importance", shape: [recording.importance.count], values: recording.importance),
          NamedTensor(name: "isSeen", shape: [count], values: recording.isSeen.map { $0 ? 1 : 0 }),
        ]), to: url)
  }

  func readTraining(_ epoch: Int) throws -> EpochRecording {
    let tensors = try named(training(epoch))
    return EpochRecording(
      logits: tensors["logits"] ?? [], importance: tensors["importance"] ?? [],
      isSeen: (tensors["isSeen"] ?? []).map { $0 > 0 })
  }

  func write(_ recording: PassRecording, to url: URL) throws {
    let count = recording.importance.count
    func tensor(_ name: String, _ values: [Float]) -> NamedTensor {
      NamedTensor(name: name, shape: [count, values.count / max(1, count)], values: values)
    }
    try Safetensors.write(
      Safetensors.Contents(
        tensors: [
          tensor("logits", recording.logits), tensor("flipped", recording.flipped),
          tensor("importance", recording.importance), tensor("features", recording.features),
          tensor("likeness", recording.likeness),
        ].filter { !$0.values.isEmpty }), to: url)
  }

  func readPass(_ url: URL) throws -> PassRecording {
    let tensors = try named(url)
    return PassRecording(
      logits: tensors["logits"] ?? [], flipped: tensors["flipped"] ?? [], importance: tensors["importance"] ?? [],
      features: tensors["features"] ?? [], likeness: tensors["likeness"] ?? [])
  }

  private func named(_ url: URL) throws -> [String: [Float]] {
    Dictionary(uniqueKeysWithValues: try Safetensors.read(url).tensors.map { ($0.name, $0.values) })
  }
}
