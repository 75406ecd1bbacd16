import Auditing
import Curation
import Foundation
import Training

/// What predictions are compared with.
enum EvaluationReference: String, Codable, CaseIterable {
  /// The dataset's labels.
  case labels
  /// The class that more than half of the votes agree on.
  case votes
}

/// The evaluations of one model on one split: all rows, and those with or without a copy in training.
struct SplitEvaluation: Codable {
  var reference: String
  var all: Evaluation
  /// Rows without an identical picture in the training split.
  var notLeaked: Evaluation?
  /// Rows with one.
  var leaked: Evaluation?

  /// Compares predictions with a truth by sample id; samples without one are left out.
  init(
    reference: String, probabilities: [Float], samples: [Sample], truth: [Int64: Int], leakedHashes: Set<String>,
    classes: [String]
  ) {
    func evaluate(where isCounted: (Sample) -> Bool) -> Evaluation {
      Evaluation(
        probabilities: probabilities, truth: samples.map { isCounted($0) ? truth[$0.id] ?? -1 : -1 },
        classes: classes)
    }
    self.reference = reference
    all = evaluate { _ in true }
    guard samples.contains(where: { leakedHashes.contains($0.pixelHash) }) else { return }
    let parts = [false, true].map { isLeaked in evaluate { leakedHashes.contains($0.pixelHash) == isLeaked } }
    // Of no rows there is nothing to say.
    (notLeaked, leaked) = (parts[0].samples > 0 ? parts[0] : nil, parts[1].samples > 0 ? parts[1] : nil)
  }
}

/// What is true about samples, from labels, votes or a truth file.
enum Truths {
  /// The labels of samples as class numbers.
  static func labels(_ samples: [Sample], classes: [String]) -> [Int64: Int] {
    Dictionary(
      uniqueKeysWithValues: samples.compactMap { sample in
        sample.label.flatMap { classes.firstIndex(of: $0) }.map { (sample.id, $0) }
      })
  }

  /// The majority of the votes where there is one.
  static func votes(_ votes: [Int64: Votes], classes: [String]) -> [Int64: Int] {
    votes.compactMapValues { VoteTruth.majority($0, classes: classes) }
  }

  /// The rows of a truth file, and which columns are `key` and `true`.
  static func table(_ path: String) throws -> (table: CSVTable, key: Int, truth: Int) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw CLIError.unusableTruth(path, reason: "it is not there")
    }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw CLIError.unusableTruth(path, reason: "it cannot be read as text")
    }
    let table = try CSVTable(Array(text.utf8), name: path)
    guard let key = table.column("key"), let truth = table.column("true") else {
      throw CLIError.unusableTruth(path, reason: "its header names no columns 'key' and 'true'")
    }
    return (table, key, truth)
  }

  /// A csv with the columns `key` and `true`, such as `fercure samples` writes.
  static func file(_ path: String, samples: [Sample], classes: [String]) throws -> [Int64: Int] {
    let (table, key, truth) = try table(path)
    // A key that reads like another one names no sample.
    let ids = Dictionary(samples.map { ($0.key, Optional($0.id)) }, uniquingKeysWith: { _, _ in nil })
    var result: [Int64: Int] = [:]
    for row in table.rows where row.count > max(key, truth) {
      guard let id = ids[row[key]] ?? nil, let label = classes.firstIndex(of: row[truth]) else { continue }
      result[id] = label
    }
    guard !result.isEmpty else {
      throw CLIError.unusableTruth(path, reason: "none of its keys is in the dataset")
    }
    return result
  }
}
