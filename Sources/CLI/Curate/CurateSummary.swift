import Auditing
import Curation
import Foundation
import Reports
import Training

/// What `fercure curate` writes to summary.json and prints.
struct CurateSummary: Codable {
  var raw: DatasetInfo
  var curated: DatasetInfo
  var suggestions: Suggestions
  var evaluations: [CurateEvaluation]
  var seconds: [String: Double]
  var totalSeconds: Double
  var report: String

  /// Suggestions by verdict and state, and how many are right where the truth is known.
  struct Suggestions: Codable {
    var total: Int
    var byVerdict: [String: Int]
    var byState: [String: Int]
    var isCalibrated: Bool
    var reference: String?
    var quality: [SuggestionQuality]?
  }

  init(_ outcome: CurateRun.Outcome, truth: SuggestionTruth?, report: String) throws {
    raw = try outcome.raw.info()
    curated = try outcome.curated.info()
    let all = try outcome.curated.lastSuggestingAudit().map { try outcome.curated.suggestions(run: $0) } ?? []
    suggestions = Suggestions(
      total: all.count, byVerdict: Dictionary(all.map { ($0.verdict.rawValue, 1) }, uniquingKeysWith: +),
      byState: Dictionary(all.map { ($0.state.rawValue, 1) }, uniquingKeysWith: +),
      isCalibrated: outcome.audit.isCalibrated, reference: truth?.reference,
      quality: truth.map { truth in
        [0, 0.5, 0.7, 0.8, 0.9].map { truth.quality(of: outcome.audit.suggestions, minimumConfidence: $0) }
      })
    evaluations = outcome.evaluations
    seconds = Dictionary(outcome.steps.map { ($0.name, $0.seconds) }, uniquingKeysWith: +)
    totalSeconds = outcome.steps.reduce(0) { $0 + $1.seconds }
    self.report = report
  }

  /// The summary of a finished run, read back; nil while there is none.
  init?(finished folder: CurateFolder) {
    guard let data = FileManager.default.contents(atPath: folder.summary),
      let summary = try? JSONDecoder().decode(CurateSummary.self, from: data)
    else { return nil }
    self = summary
  }

  /// The summary as text.
  var text: String {
    var parts = [counts]
    if let quality { parts.append(quality) }
    if !evaluations.isEmpty { parts.append(comparison) }
    let times = seconds.sorted { $0.value > $1.value }.map { "\($0.key) \(Numbers.duration($0.value))" }
    parts.append("\(Numbers.duration(totalSeconds)): \(times.joined(separator: ", "))")
    parts.append(report)
    return parts.joined(separator: "\n\n")
  }

  private var counts: String {
    var table = TextTable(header: ["training split", "raw", "curated"])
    let (before, after) = (raw.splits["train"], curated.splits["train"])
    table.rows = raw.classes.map { name in
      [name, Numbers.count(before?.classes[name] ?? 0), Numbers.count(after?.classes[name] ?? 0)]
    }
    table.footer = [["total", Numbers.count(before?.total ?? 0), Numbers.count(after?.total ?? 0)]]
    let accepted = suggestions.byState["accepted"] ?? 0
    return "\(table.text)\n\n\(Numbers.count(suggestions.total, "suggestion")), \(Numbers.count(accepted)) accepted"
  }

  private var quality: String? {
    guard let quality = suggestions.quality, let reference = suggestions.reference else { return nil }
    var table = TextTable(
      header: ["confidence", "suggestions", "right", "label wrong", "harmful", "wrong labels found"])
    table.rows = quality.map { row in
      // Of no suggestions there is no share.
      func share(_ text: String) -> String { row.suggested == 0 ? "–" : text }
      return [
        "at least \(Numbers.decimal(row.minimumConfidence, places: 1))", Numbers.count(row.suggested),
        share(Numbers.percent(row.precision)), share(Numbers.percent(row.detectionPrecision)),
        share(Numbers.percent(row.harmful, of: row.suggested)), Numbers.percent(row.recall),
      ]
    }
    return "suggestions against \(reference)\n\n\(table.text)"
  }

  private var comparison: String {
    var table = TextTable(
      header: ["test split against", "trained on", "samples", "accuracy", "macro-F1", "not leaked", "leaked"])
    table.rows = evaluations.sorted {
      ($0.evaluation.reference, $1.trainedOn) < ($1.evaluation.reference, $0.trainedOn)
    }
    .map { row in
      [
        row.evaluation.reference, row.trainedOn, Numbers.count(row.evaluation.all.samples),
        Numbers.percent(row.evaluation.all.accuracy), Numbers.decimal(row.evaluation.all.macroF1, places: 3),
        row.evaluation.notLeaked.map { Numbers.percent($0.accuracy) } ?? "–",
        row.evaluation.leaked.map { Numbers.percent($0.accuracy) } ?? "–",
      ]
    }
    return table.text
  }
}

/// What is known about the true labels of the training split.
struct SuggestionTruth {
  /// `votes` or the truth file's name.
  var reference: String
  /// The true class of samples, by id.
  var classes: [Int64: String]
  /// The label each sample had when it was audited.
  var labels: [Int64: String]

  /// Takes the truth file if one is given, else the majority of the votes; nil when neither is known.
  init?(truth: String?, store: DatasetStore, scores: [Score]) throws {
    let names = try store.classes()
    let samples = try store.allSamples()
    let numbers: [Int64: Int]
    if let truth {
      reference = URL(fileURLWithPath: truth).lastPathComponent
      numbers = try Truths.file(truth, samples: samples, classes: names)
    } else {
      reference = "votes"
      numbers = Truths.votes(try store.votes(), classes: names)
    }
    guard !numbers.isEmpty else { return nil }
    let training = Set(samples.filter { $0.split == .train }.map(\.id))
    classes = numbers.filter { training.contains($0.key) }.mapValues { names[$0] }
    labels = Dictionary(uniqueKeysWithValues: scores.map { ($0.sample, $0.label) })
  }

  /// What a report judges suggestions by.
  var forReport: DatasetReport.Truth { DatasetReport.Truth(reference: reference, classes: classes) }

  /// Counts the suggestions for the training split.
  func quality(of suggestions: [Suggestion], minimumConfidence: Double) -> SuggestionQuality {
    SuggestionQuality(suggestions, truth: classes, labels: labels, minimumConfidence: minimumConfidence)
  }
}
