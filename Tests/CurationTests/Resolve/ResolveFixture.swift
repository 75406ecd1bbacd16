import Curation
import Foundation

/// A dataset in memory with an audit: rows 0 to 5 are angry, disgust, fear, happy, sad, surprise, the last one in test.
///
/// There are suggestions for rows 0 to 3.
struct ResolveFixture {
  let store: DatasetStore
  let audit: Run

  init() throws {
    store = try DatasetStore.inMemory()
    let file = FileManager.default.temporaryDirectory.appending(path: "resolve-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let rows = (0..<6).map { row in
      let pixels = (0..<2304).map { String(($0 * (row + 2)) % 256) }.joined(separator: " ")
      return "\(row),\(pixels),\(row == 5 ? "PrivateTest" : "Training")\n"
    }
    try ("emotion,pixels,Usage\n" + rows.joined()).write(to: file, atomically: false, encoding: .utf8)
    _ = try Ingest.run(sources: [file.path], into: store)
    audit = try store.beginRun(kind: "audit")
    let samples = try store.samples()
    func suggestion(_ row: Int, to: String?, _ confidence: Double, _ verdict: Suggestion.Verdict) -> Suggestion {
      Suggestion(
        sample: samples[row].id, from: samples[row].label ?? "", to: to, confidence: confidence, verdict: verdict,
        signals: Signals(probabilities: [1, 0, 0, 0, 0, 0, 0]))
    }
    try store.store(
      suggestions: [
        suggestion(0, to: "sad", 0.95, .wrong), suggestion(1, to: "angry", 0.9, .wrong),
        suggestion(2, to: nil, 0.8, .notAFace), suggestion(3, to: "neutral", 0.4, .ambiguous),
      ], scores: [], run: audit.id)
    try store.finish(audit)
  }

  /// A second audit, by which row 0 shows fear.
  func auditAgain() throws {
    let later = try store.beginRun(kind: "audit")
    try store.store(
      suggestions: [
        Suggestion(
          sample: try store.sample(key: "row-0000000").id, from: "angry", to: "fear", confidence: 0.99, verdict: .wrong,
          signals: Signals(probabilities: []))
      ], scores: [], run: later.id)
  }

  /// The labels of the rows that are not excluded, by the last digit of their key.
  func labels() throws -> [String: String?] {
    Dictionary(uniqueKeysWithValues: try store.samples().map { (String($0.key.suffix(1)), $0.label) })
  }

  /// The states of the audit's suggestions, by the last digit of the key.
  func states() throws -> [String: Suggestion.State] {
    let keys = Dictionary(uniqueKeysWithValues: try store.allSamples().map { ($0.id, String($0.key.suffix(1))) })
    return Dictionary(
      uniqueKeysWithValues: try store.suggestions(run: audit.id).map { (keys[$0.sample] ?? "", $0.state) })
  }

  /// A decisions file with the given rows; `0 accept` decides about row 0.
  func decisions(_ rows: String...) throws -> DecisionFile {
    let lines = rows.map { row in
      let words = row.split(separator: " ").map(String.init)
      return "row-000000\(words[0]),\(words[1]),\(words.count > 2 ? words[2] : "")\n"
    }
    return try DecisionFile(Array(("key,action,label\n" + lines.joined()).utf8), name: "d.csv")
  }
}
