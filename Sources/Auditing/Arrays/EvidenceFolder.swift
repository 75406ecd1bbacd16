public import Curation
public import Foundation

/// Evidence as arrays that other tools read: cleanlab, FiftyOne, pandas.
///
/// A folder with `keys.txt`, `splits.txt` and `classes.txt`, a name a line, and arrays with a row a key: `labels.npy` (int64),
/// `pred_probs.npy` (float64, out of fold), `folds.npy` (int64, -1 for samples that no network saw), and what else was
/// recorded: `importance.npy`, `embeddings.npy` (float32) and the signals of each auditor.
public struct EvidenceFolder {
  private let url: URL

  /// Names the folder.
  public init(_ url: URL) { self.url = url }

  /// Writes evidence, and makes the folder if there is none.
  public func write(_ evidence: Evidence) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    func lines(_ names: [String], _ file: String) throws {
      try Data((names.joined(separator: "\n") + "\n").utf8).write(to: url.appending(path: file), options: .atomic)
    }
    func array(_ name: String, _ values: [Double], as element: NPY.Element = .float64) throws {
      guard !values.isEmpty else { return }
      let columns = values.count / max(1, evidence.count)
      let isMatrix = values.count != evidence.count
      try NPY(shape: isMatrix ? [evidence.count, columns] : [evidence.count], values: values).encoded(as: element)
        .write(to: url.appending(path: name + ".npy"), options: .atomic)
    }
    try lines(evidence.samples.map(\.key), "keys.txt")
    try lines(evidence.samples.map(\.split.rawValue), "splits.txt")
    try lines(evidence.classes, "classes.txt")
    try array("labels", evidence.labels.map { Double($0) }, as: .int64)
    try array("pred_probs", evidence.probabilities)
    try array("folds", evidence.heldOutBy.map { Double($0 ?? -1) }, as: .int64)
    try array("importance", evidence.importance)
    try array("instability", evidence.instability)
    try array("flip_divergence", evidence.flipDivergence)
    try array("flip_likeness", evidence.flipLikeness)
    try array("neighbours", evidence.neighbours)
    try array("isolation", evidence.isolation)
    try array("not_a_face", evidence.notAFace)
    try array("embeddings", evidence.features.map { Double($0) }, as: .float32)
    guard let dynamics = evidence.dynamics else { return }
    try array("networks", dynamics.networks.map { Double($0) }, as: .int64)
    try array("in_fold_probs", dynamics.probabilities)
    try array("course_probs", dynamics.courseProbabilities)
    try array("in_fold_importance", dynamics.importance)
    try array("margin", dynamics.margin)
    try array("confidence", dynamics.confidence)
    try array("variability", dynamics.variability)
    try array("correctness", dynamics.correctness)
    try array("forgetting", dynamics.forgetting)
    try array("loss", dynamics.loss)
    try array("relabelled_share", dynamics.relabelledShare)
  }

  /// Reads what another tool made: `pred_probs.npy`, with `keys.txt` when its rows are not the dataset's audited samples
  /// in order.
  ///
  /// - Parameters:
  ///   - source: the dataset.
  ///   - votes: votes by sample.
  ///   - probabilities: an npy file [N, C].
  ///   - keys: a key a line for the rows; nil takes the labelled samples in order.
  public static func evidence(
    _ source: some SampleSource, votes: [Int64: Votes], probabilities: URL, keys: URL?
  ) throws -> Evidence {
    let classes = try source.classes()
    var samples = try AuditSamples.of(source)
    if let keys {
      // Of keys that read alike the first counts.
      let byKey = Dictionary(samples.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
      guard let text = try? String(contentsOf: keys, encoding: .utf8) else {
        throw AuditError.notAnArray(keys.path(percentEncoded: false), reason: "it cannot be read")
      }
      var named: Set<Int64> = []
      samples = try text.split(whereSeparator: \.isNewline).enumerated().map { row, key in
        guard let sample = byKey[String(key)] else { throw AuditError.unknownKey(String(key), row: row) }
        guard named.insert(sample.id).inserted else { throw AuditError.repeatedKey(sample.key, row: row) }
        return sample
      }
    }
    let path = probabilities.path(percentEncoded: false)
    let array = try NPY(contentsOf: probabilities)
    guard array.shape == [samples.count, classes.count] else {
      throw AuditError.wrongShape(path, found: array.shape, wanted: [samples.count, classes.count])
    }
    for row in samples.indices {
      let values = array.values[(row * classes.count)..<((row + 1) * classes.count)]
      let sum = values.reduce(0, +)
      guard abs(sum - 1) < 1e-3, values.allSatisfy({ $0 >= 0 }) else {
        throw AuditError.notProbabilities(path, row: row, sum: sum)
      }
    }
    // Which network saw what is not known; calibration still keeps copies together.
    let folds = Folds(samples, count: 3, seed: 0)
    var evidence = Evidence(
      samples: samples, classes: classes, labels: AuditSamples.labels(samples, classes: classes),
      heldOutBy: folds.heldOutBy, probabilities: array.values)
    for (index, sample) in samples.enumerated() { if let known = votes[sample.id] { evidence.votes[index] = known } }
    return evidence
  }
}
