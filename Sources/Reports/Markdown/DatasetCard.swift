import Curation
import Foundation

/// Turns the content of a report into a dataset card: Markdown with the front matter that Hugging Face reads.
///
/// The card describes an exported folder with the splits `train`, `validation` and `test`. Text of the user is quoted in
/// the front matter and escaped in the tables.
public enum DatasetCard {
  /// The card.
  public static func render(_ content: ReportContent) -> String {
    var parts = [frontMatter(content), "# \(escaped(content.title))"]
    if let dataset = content.dataset { parts.append(summary(dataset, content)) }
    if let balance = content.balance { parts += counts(balance) }
    if let dataset = content.dataset, !dataset.sources.isEmpty { parts += sources(dataset) }
    if let findings = content.findings, findings.contains(where: { $0.samples > 0 }) { parts += found(findings) }
    if let suggestions = content.suggestions, suggestions.total > 0 { parts += doubted(suggestions) }
    if let changes = content.changes, !changes.isEmpty { parts += changed(changes) }
    if !content.runs.isEmpty { parts += history(content.runs) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  // MARK: Front matter

  private static func frontMatter(_ content: ReportContent) -> String {
    var lines = ["---", "pretty_name: \(quoted(content.title))"]
    lines.append("license: \(quoted(content.dataset?.license ?? "unknown"))")
    lines.append("task_categories:\n- image-classification")
    let isReviewed = content.changes?.contains { $0.actor.hasPrefix("reviewer ") } ?? false
    var annotators: [String] = []
    if content.suggestions != nil { annotators.append("machine-generated") }
    if isReviewed { annotators.append("expert-generated") }
    annotators.append("found")
    lines.append("annotations_creators:\n" + annotators.map { "- \($0)" }.joined(separator: "\n"))
    if let samples = content.dataset?.samples { lines.append("size_categories:\n- \(sizeCategory(samples))") }
    lines.append("tags:\n- facial-expression-recognition\n- fercure")
    let splits = content.dataset?.splits.filter { $0.samples > 0 } ?? []
    if !splits.isEmpty {
      lines.append("configs:\n- config_name: default\n  data_files:")
      lines += splits.map { "  - split: \($0.split.rawValue)\n    path: \($0.split.rawValue)/**" }
    }
    return (lines + ["---"]).joined(separator: "\n")
  }

  /// The range that Hugging Face sorts a dataset of this size into.
  static func sizeCategory(_ samples: Int) -> String {
    let bounds = [(1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M")]
    return bounds.first { samples < $0.0 }?.1 ?? "1M<n<10M"
  }

  // MARK: Sections

  private static func summary(_ dataset: ReportContent.Dataset, _ content: ReportContent) -> String {
    var text = NumberFormat.counted(dataset.samples, "face") + " of "
    text += NumberFormat.counted(dataset.classes.count, "expression") + ": "
    text += dataset.classes.map(escaped).joined(separator: ", ") + "."
    if let size = dataset.sizes.first {
      text += " Most pictures are \(size.width) × \(size.height), \(size.channels == 1 ? "gray" : "colour")."
    }
    if let ratio = dataset.imbalanceRatio {
      text += " The largest class has \(NumberFormat.times(ratio)) times the samples of the smallest."
    }
    if dataset.excluded > 0 {
      text += " \(NumberFormat.counted(dataset.excluded, "sample was", "samples were")) taken out."
    }
    if let version = content.toolVersion { text += " Curated with \(escaped(version))." }
    return text
  }

  private static func counts(_ balance: ReportContent.Balance) -> [String] {
    guard let stage = balance.stages.last else { return [] }
    let splits = stage.splits.filter { $0.counts.reduce(0, +) > 0 }
    let rows = balance.classes.enumerated().map { position, name in
      [escaped(name)] + splits.map { NumberFormat.count($0.counts[position]) }
    }
    let total = ["**all**"] + splits.map { NumberFormat.count($0.counts.reduce(0, +)) }
    return ["## Samples", table(["class"] + splits.map(\.split.rawValue), rows + [total])]
  }

  private static func sources(_ dataset: ReportContent.Dataset) -> [String] {
    [
      "## Sources",
      table(
        ["source", "format", "samples", "rejected"],
        dataset.sources.map {
          [
            escaped($0.name), escaped($0.format ?? ""), NumberFormat.count($0.samples), NumberFormat.count($0.rejected),
          ]
        }),
    ]
  }

  private static func found(_ findings: [ReportContent.Check]) -> [String] {
    [
      "## Findings",
      table(
        ["check", "samples", "groups"],
        findings.filter { $0.samples > 0 }.map {
          [escaped($0.name), NumberFormat.count($0.samples), $0.groups.map(NumberFormat.count) ?? ""]
        }),
    ]
  }

  private static func doubted(_ suggestions: ReportContent.Suggestions) -> [String] {
    var parts = [
      "## Labels in doubt",
      table(
        ["verdict", "state", "suggestions"],
        suggestions.tallies.map { [$0.verdict.words, $0.state.rawValue, NumberFormat.count($0.count)] }),
    ]
    for quality in [suggestions.quality, suggestions.decided].compactMap({ $0 }) {
      let rows = quality.bins.filter { $0.suggestions > 0 }.map { bin in
        let interval = WilsonInterval(successes: bin.correct, trials: bin.suggestions)
        return [
          NumberFormat.range(bin.lower, bin.upper), NumberFormat.count(bin.suggestions),
          NumberFormat.percent(interval?.share),
          interval.map { NumberFormat.percentRange($0.lower, $0.upper) } ?? NumberFormat.missing,
        ]
      }
      guard !rows.isEmpty else { continue }
      parts.append("How often the suggestions are right, by \(escaped(quality.reference)):")
      parts.append(table(["confidence", "judged", "right", "95% interval"], rows))
    }
    return parts
  }

  private static func changed(_ changes: [ReportContent.Change]) -> [String] {
    let rows = changes.prefix(20).map { change in
      [
        escaped(change.actor), change.kind.rawValue, escaped(change.from ?? ""), escaped(change.to ?? ""),
        NumberFormat.count(change.samples),
      ]
    }
    let rest = changes.dropFirst(20).reduce(0) { $0 + $1.samples }
    let total = rest == 0 ? [] : [["others", "", "", "", NumberFormat.count(rest)]]
    return ["## Changes", table(["by", "change", "from", "to", "samples"], rows + total)]
  }

  private static func history(_ runs: [ReportContent.RunLine]) -> [String] {
    [
      "## History",
      table(
        ["run", "step", "begun", "outcome"],
        runs.suffix(RepeatSection.longestHistory).map {
          [String($0.number), escaped($0.kind), $0.started, escaped($0.outcome)]
        }),
    ]
  }

  // MARK: Text

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  /// Text inside a table or a paragraph: nothing of it is markup, and it stays on its line.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "|", "`", "*", "_", "[", "]", "#", "~": result += "\\" + String(scalar)
      case "\n", "\t": result += " "
      case "'": result += "'"
      default: result += HTMLText.escaped(String(scalar))
      }
    }
    return result
  }

  /// A double-quoted scalar: every JSON string is one in YAML.
  static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    guard let data = try? encoder.encode(text) else { return "\"\"" }
    return String(decoding: data, as: UTF8.self)
  }
}
