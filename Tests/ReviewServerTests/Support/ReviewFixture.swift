import Curation
import Foundation
import Imaging
import TestSupport

@testable import ReviewServer

/// A dataset with an audit: 28 faces, a suggestion for each of the 14 of training, the surest first.
///
/// Suggestion n is about row n, wants the next class, and is sure to 0.95 - 0.05 n; the last one shows no face.
struct ReviewFixture {
  let store: DatasetStore
  let ids: [Int64]
  let samples: [Sample]

  init(path: String? = nil) throws {
    let store = try path.map { try DatasetStore.create(at: $0) } ?? DatasetStore.inMemory()
    try TestDatasets.fill(store)
    try self.init(store)
  }

  init(_ store: DatasetStore) throws {
    self.store = store
    samples = try store.samples()
    let classes = try store.classes()
    let audit = try store.beginRun(kind: "audit")
    let training = samples.filter { $0.split == .train }
    let suggestions = training.enumerated().map { number, sample in
      let given = classes.firstIndex(of: sample.label ?? "") ?? 0
      let target = (given + 1) % classes.count
      var probabilities = Array(repeating: 0.02, count: classes.count)
      probabilities[given] = 0.1 + 0.02 * Double(number)
      probabilities[target] = 1 - probabilities.reduce(0, +) + 0.02
      let isFace = number < training.count - 1
      return Suggestion(
        sample: sample.id, from: sample.label ?? "", to: isFace ? classes[target] : nil,
        confidence: Double(95 - 5 * number) / 100, verdict: isFace ? .wrong : .notAFace,
        signals: Signals(
          probabilities: probabilities, importance: 0.3, margin: probabilities[target] - probabilities[given]))
    }
    let scores = samples.map {
      Score(
        sample: $0.id, label: $0.label ?? "", quality: 0.9, verdict: nil,
        signals: Signals(probabilities: classes.map { _ in 1 / Double(classes.count) }))
    }
    try store.store(suggestions: suggestions, scores: scores, run: audit.id)
    try store.finish(audit)
    ids = try store.suggestions().map(\.id)
  }

  func board(secondPass: Double = 1) throws -> ReviewBoard { try ReviewBoard(store, secondPass: secondPass) }
}
