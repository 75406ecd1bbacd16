import ArgumentParser
import Curation
import Foundation
import Imaging
import Reports
import Training

/// The pictures of another source, each after some operations.
struct ChangedPictures<Base: SampleSource>: SampleSource {
  let base: Base
  let operations: [Imaging.Operation]

  func classes() throws -> [String] { try base.classes() }
  func samples() throws -> [Sample] { try base.samples() }
  func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws {
    try base.forEachImage(of: samples) { try body($0, operations.applied(to: $1)) }
  }
}

/// What a trained network says about the validation pictures as they are, and how that changes with the pictures.
struct StudiedNetwork {
  private let predictor: Predictor
  private let card: TrainedModel.Card
  private let samples: [Sample]
  private let store: DatasetStore
  private let usual: [Float]

  init(_ path: String, on store: DatasetStore) throws {
    let model = try TrainedModel(contentsOf: URL(fileURLWithPath: path))
    self.store = store
    card = model.card
    predictor = try Predictor(model)
    samples = try store.samples().filter { $0.split == .validation && $0.label != nil }
    guard !samples.isEmpty else { throw CLIError.noLabelledSamples(split: Split.validation.rawValue) }
    let set = try ImageSet(samples, from: store, channels: model.card.channels, size: model.card.size)
    usual = try predictor.predict(set, views: .one).probabilities
  }

  /// The mean share of probability that moves to other classes, and the accuracy on the changed pictures.
  func change(by operations: [Imaging.Operation]) throws -> (change: Double, accuracy: Double) {
    let set = try ImageSet(
      samples, from: ChangedPictures(base: store, operations: operations), channels: card.channels, size: card.size)
    let now = try predictor.predict(set, views: .one).probabilities
    let classes = card.classes
    var moved = 0.0
    var right = 0
    for (index, sample) in samples.enumerated() {
      let row = index * classes.count..<(index + 1) * classes.count
      moved += row.reduce(0) { $0 + Double(abs(now[$1] - usual[$1])) } / 2
      let best = row.max { now[$0] < now[$1] } ?? row.lowerBound
      if classes[best - row.lowerBound] == sample.label { right += 1 }
    }
    return (moved / Double(samples.count), Double(right) / Double(samples.count))
  }
}

/// The options with which a study trains.
struct StudyTraining {
  let recipe: TrainingRecipe
  let seed: UInt64
  let console: Console

  /// The best validation accuracy of a training with this recipe.
  func accuracy(_ store: DatasetStore, title: String, _ change: (inout TrainingRecipe) -> Void) throws -> Double {
    var recipe = recipe
    change(&recipe)
    let outcome = try ModelTraining(
      recipe: recipe, selfCure: nil, seed: seed, title: title, checkpoint: nil, console: console
    ).run(store)
    return outcome.history.compactMap { $0.validationAccuracy }.max() ?? 0
  }
}

/// The angles of `--degrees`, separated by commas.
func parsedAngles(_ text: String, in range: ClosedRange<Double>) throws -> [Double] {
  try text.split(separator: ",").map { part in
    guard let angle = Double(part), range.contains(angle) else {
      let (low, high) = (Numbers.decimal(range.lowerBound, places: 0), Numbers.decimal(range.upperBound, places: 0))
      throw ValidationError("--degrees are numbers from \(low) to \(high), not '\(part)'.")
    }
    return angle
  }
}
