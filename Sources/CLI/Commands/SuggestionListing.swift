import Curation

/// Suggestions with what is known about their samples, ready to print.
struct SuggestionListing: Encodable {
  /// The names of the classes, in the order of the probabilities.
  let classes: [String]
  /// The suggestions by falling confidence.
  var entries: [Entry]

  private enum CodingKeys: String, CodingKey {
    case classes
    case entries = "suggestions"
  }

  /// One suggestion.
  struct Entry: Encodable {
    var key: String
    var split: Split
    var from: String
    var to: String?
    var verdict: Suggestion.Verdict
    var confidence: Double
    var state: Suggestion.State
    var sample: Int64
    var run: Int64
    var decidedBy: String?
    var decidedAt: String?
    var signals: Signals
  }

  /// Reads the suggestions of one audit: of the last one that made any, unless it is named.
  init(_ store: DatasetStore, state: Suggestion.State?, minConfidence: Double?, run: Int64?) throws {
    classes = try store.classes()
    let samples = Dictionary(uniqueKeysWithValues: try store.allSamples().map { ($0.id, $0) })
    if let run { _ = try store.run(run) }
    let audit = try run ?? store.suggestions().map(\.run).max()
    let suggestions = try store.suggestions(state: state, minConfidence: minConfidence, run: audit)
    entries = suggestions.compactMap { suggestion in
      samples[suggestion.sample].map { sample in
        Entry(
          key: sample.key, split: sample.split, from: suggestion.from, to: suggestion.to, verdict: suggestion.verdict,
          confidence: suggestion.confidence, state: suggestion.state, sample: suggestion.sample, run: suggestion.run,
          decidedBy: suggestion.decidedBy, decidedAt: suggestion.decidedAt, signals: suggestion.signals)
      }
    }
  }

  /// The csv: one column for each class's probability at the end.
  var csv: String {
    let header = ["key", "split", "from", "to", "verdict", "confidence", "state", "sample", "run"]
    return CSVText.table(
      header: header + SignalCells.header(classes: classes),
      rows: entries.lazy.map { entry in
        [
          entry.key, entry.split.rawValue, entry.from, entry.to ?? "", entry.verdict.rawValue,
          Numbers.decimal(entry.confidence, places: 6), entry.state.rawValue, String(entry.sample), String(entry.run),
        ] + SignalCells.cells(entry.signals, classes: classes.count)
      })
  }

  /// The table for a person.
  var table: String {
    var table = TextTable(
      header: ["key", "split", "from", "to", "verdict", "confidence", "importance", "margin", "state"])
    table.rows = entries.map { entry in
      [
        entry.key, entry.split.rawValue, entry.from, entry.to ?? "–", entry.verdict.rawValue,
        Numbers.decimal(entry.confidence, places: 3),
        entry.signals.importance.map { Numbers.decimal($0, places: 3) } ?? "–",
        entry.signals.margin.map { Numbers.decimal($0, places: 3) } ?? "–", entry.state.rawValue,
      ]
    }
    return table.text
  }
}

/// The columns of a csv that tell an audit's evidence.
enum SignalCells {
  static func header(classes: [String]) -> [String] {
    ["importance", "margin", "relabelEpoch"] + classes.map { "p(\($0))" }
  }

  /// The evidence of one sample; what was not measured stays empty.
  static func cells(_ signals: Signals, classes: Int) -> [String] {
    let probabilities = (0..<classes).map { index in
      index < signals.probabilities.count ? Numbers.decimal(signals.probabilities[index], places: 6) : ""
    }
    return [
      signals.importance.map { Numbers.decimal($0, places: 6) } ?? "",
      signals.margin.map { Numbers.decimal($0, places: 6) } ?? "",
      signals.relabelEpoch.map(String.init) ?? "",
    ] + probabilities
  }
}
