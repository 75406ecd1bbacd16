import Curation

/// What `fercure info` prints for a person.
struct InfoText {
  private let info: DatasetInfo
  private let name: String

  init(_ info: DatasetInfo, name: String) {
    self.info = info
    self.name = name
  }

  /// All of it, without a final line end.
  var text: String {
    let title =
      "\(name): \(Numbers.count(info.samples, "sample")), \(Numbers.count(info.classes.count, "class", "classes"))"
    return ([title, classTable, facts] + [runTable].compactMap { $0 }).joined(separator: "\n\n")
  }

  private var classTable: String {
    let splits = Split.allCases.map { info.splits[$0.rawValue] }
    func row(_ name: String, _ counts: [Int]) -> [String] {
      let total = counts.reduce(0, +)
      return [name] + counts.map(Numbers.count(_:)) + [Numbers.count(total), Numbers.percent(total, of: info.samples)]
    }
    var table = TextTable(header: ["class"] + Split.allCases.map(\.rawValue) + ["total", "share"])
    table.rows = info.classes.map { label in row(label, splits.map { $0?.classes[label] ?? 0 }) }
    let unlabelled = splits.map { split in (split?.total ?? 0) - (split?.classes.values.reduce(0, +) ?? 0) }
    if unlabelled.contains(where: { $0 > 0 }) { table.rows.append(row("(no label)", unlabelled)) }
    table.footer = [row("total", splits.map { $0?.total ?? 0 })]
    return table.text
  }

  private var facts: String {
    var lines: [(String, String)] = []
    let sizes = info.sizes.prefix(3).map {
      "\($0.width) x \($0.height) \($0.channels == 1 ? "gray" : "colour") (\(Numbers.count($0.samples)))"
    }
    if !sizes.isEmpty {
      lines.append(("sizes", sizes.joined(separator: ", ") + (info.sizes.count > 3 ? ", ..." : "")))
    }
    if let ratio = info.imbalanceRatio {
      lines.append(
        ("imbalance", "\(Numbers.decimal(ratio, places: 1)) times as many in the largest class as in the smallest"))
    }
    lines.append(("different pictures", Numbers.count(info.distinctPictures)))
    for (title, count) in [
      ("derived", info.derived), ("excluded", info.excluded), ("votes known", info.votesKnown),
      ("rejected items", info.rejections),
    ] where count > 0 {
      lines.append((title, Numbers.count(count)))
    }
    for source in info.sources {
      let samples = source.samples > 0 ? ", " + Numbers.count(source.samples, "sample") : ""
      lines.append(("source", "\(source.name) (\(source.kind))\(samples)"))
    }
    if !info.labelEvents.isEmpty { lines.append(("events", Self.listing(info.labelEvents))) }
    if !info.suggestions.isEmpty { lines.append(("suggestions", Self.listing(info.suggestions))) }
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { $0.0 + String(repeating: " ", count: width - $0.0.count) + "  " + $0.1 }.joined(separator: "\n")
  }

  private var runTable: String? {
    guard !info.runs.isEmpty else { return nil }
    var table = TextTable(header: ["run", "kind", "started", "outcome"])
    table.rows = info.runs.map { run in
      [String(run.id), run.kind, run.started, run.finished == nil ? "not finished" : run.outcome ?? ""]
    }
    return table.text
  }

  /// Counts by name, the most frequent first: `ingest 2,000, undo 3`.
  private static func listing(_ counts: [String: Int]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key) \(Numbers.count($0.value))" }.joined(separator: ", ")
  }
}
