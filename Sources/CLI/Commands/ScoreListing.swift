import Curation

/// Scores with what is known about their samples, ready to print.
struct ScoreListing: Encodable {
  /// The names of the classes, in the order of the probabilities.
  let classes: [String]
  /// The scores in order of samples.
  let entries: [Entry]

  private enum CodingKeys: String, CodingKey {
    case classes
    case entries = "scores"
  }

  /// One score.
  struct Entry: Encodable {
    var key: String
    var split: Split
    var label: String
    var quality: Double
    var verdict: Suggestion.Verdict?
    var sample: Int64
    var signals: Signals
  }

  /// Reads the scores of one audit, the last one unless it is named.
  init(_ store: DatasetStore, run: Int64?) throws {
    classes = try store.classes()
    let samples = Dictionary(uniqueKeysWithValues: try store.allSamples().map { ($0.id, $0) })
    if let run { _ = try store.run(run) }
    entries = try store.scores(run: run).compactMap { score in
      samples[score.sample].map { sample in
        Entry(
          key: sample.key, split: sample.split, label: score.label, quality: score.quality, verdict: score.verdict,
          sample: score.sample, signals: score.signals)
      }
    }
  }

  /// The csv: one column for each class's probability at the end.
  var csv: String {
    CSVText.table(
      header: ["key", "split", "label", "quality", "verdict", "sample"] + SignalCells.header(classes: classes),
      rows: entries.lazy.map { entry in
        [
          entry.key, entry.split.rawValue, entry.label, Numbers.decimal(entry.quality, places: 6),
          entry.verdict?.rawValue ?? "", String(entry.sample),
        ] + SignalCells.cells(entry.signals, classes: classes.count)
      })
  }

  /// The table for a person.
  var table: String {
    var table = TextTable(header: ["key", "split", "label", "quality", "verdict", "importance"])
    table.rows = entries.map { entry in
      [
        entry.key, entry.split.rawValue, entry.label, Numbers.decimal(entry.quality, places: 3),
        entry.verdict?.rawValue ?? "", entry.signals.importance.map { Numbers.decimal($0, places: 3) } ?? "–",
      ]
    }
    return table.text
  }
}
