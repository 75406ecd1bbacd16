import Curation
import Foundation
import Training

/// Predicts one split with one model and compares.
struct ModelEvaluation {
  let store: DatasetStore
  let classes: [String]
  let samples: [Sample]
  let probabilities: [Float]
  private let leakedHashes: Set<String>

  init(
    model: TrainedModel, store: DatasetStore, split: Split, views: Views = .flip, title: String, console: Console
  ) throws {
    let card = model.card
    let set = try LabelledSet(split, of: store, channels: card.channels, size: card.size, console: console)
    guard set.images.count > 0 else { throw CLIError.noLabelledSamples(split: split.rawValue) }
    let predictor = try Predictor(model)
    probabilities = try withProgress(title, console: console) { progress in
      try predictor.predict(set.images, views: views, progress: progress).probabilities
    }
    self.store = store
    classes = card.classes
    samples = set.images.samples
    // Copies that were taken out of training since still leak from the dataset as it was ingested.
    leakedHashes = split == .train ? [] : Set(try store.allSamples().filter { $0.split == .train }.map(\.pixelHash))
  }

  /// Compares with labels or votes, or with a truth file where one is given.
  func evaluation(against reference: EvaluationReference, truthFile: String? = nil) throws -> SplitEvaluation {
    let truth =
      if let truthFile {
        try Truths.file(truthFile, samples: samples, classes: classes)
      } else {
        switch reference {
        case .labels: Truths.labels(samples, classes: classes)
        case .votes: Truths.votes(try store.votes(), classes: classes)
        }
      }
    return SplitEvaluation(
      reference: truthFile == nil ? reference.rawValue : "truth", probabilities: probabilities, samples: samples,
      truth: truth, leakedHashes: leakedHashes, classes: classes)
  }
}
