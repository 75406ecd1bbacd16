/// What was changed, and by whom.
struct ChangesSection: ReportSection {
  typealias Change = ReportContent.Change

  /// Longer lists end with the sum of the rest.
  static let longestList = 16

  let id = "changes"
  let heading = "Changes"
  let lead: String
  let tables: [Table]
  let figures: [Figure]

  init?(_ content: ReportContent) {
    guard let changes = content.changes else { return nil }
    let actors = Self.ordered(Set(changes.map(\.actor))) { actor in
      changes.reduce(0) { $0 + ($1.actor == actor ? $1.samples : 0) }
    }
    let total = changes.reduce(0) { $0 + $1.samples }
    lead =
      total == 0
      ? "Nothing was changed: every label is the one the dataset came with."
      : NumberFormat.counted(total, "change") + " by " + NumberFormat.counted(actors.count, "actor")
        + ". Each one is recorded with its reason, and each can be undone."
    figures =
      content.corrections.map { corrections in
        [
          Figure(
            HeatMap(
              title: "From the first label to the present one",
              summary: "Number of samples by the label they came with (rows) and the label they have now (columns).",
              matrix: corrections, rowsName: "first label", columnsName: "label now", shade: .largest),
            note: "Only samples whose label changed.")
        ]
      } ?? []
    tables = total == 0 ? [] : [Self.byActor(changes, actors: actors), Self.byWay(changes)]
  }

  private static func byActor(_ changes: [Change], actors: [String]) -> Table {
    let kinds = Change.Kind.allCases.filter { kind in changes.contains { $0.kind == kind && $0.samples > 0 } }
    func sum(_ actor: String?, _ kind: Change.Kind) -> Table.Cell {
      let count = changes.reduce(0) { $0 + ($1.kind == kind && (actor ?? $1.actor) == $1.actor ? $1.samples : 0) }
      return .number(count == 0 ? NumberFormat.missing : NumberFormat.count(count), count == 0 ? .muted : .plain)
    }
    return Table(
      "By whom", columns: [.text("Actor")] + kinds.map { .number($0.rawValue) },
      rows: actors.map { actor in [.text(actor)] + kinds.map { sum(actor, $0) } },
      total: actors.count > 1 ? [.text("all")] + kinds.map { sum(nil, $0) } : nil)
  }

  private struct Way: Hashable {
    let words: String
    let kind: Change.Kind
  }

  private static func byWay(_ changes: [Change]) -> Table {
    var counts: [Way: Int] = [:]
    for change in changes { counts[Way(words: words(for: change), kind: change.kind), default: 0] += change.samples }
    let ways = counts.sorted { ($1.value, $0.key.words) < ($0.value, $1.key.words) }
    let shown = ways.prefix(longestList)
    let largest = Double(ways.first?.value ?? 1)
    var rows: [[Table.Cell]] = shown.map { way, count in
      [
        .text(way.words), .text(way.kind.rawValue, .muted),
        .number(NumberFormat.count(count), bar: Double(count) / max(1, largest)),
      ]
    }
    let rest = ways.dropFirst(shown.count)
    if !rest.isEmpty {
      rows.append([
        .text(NumberFormat.counted(rest.count, "other way", "other ways"), .muted), .text(""),
        .number(NumberFormat.count(rest.reduce(0) { $0 + $1.value }), .muted),
      ])
    }
    return Table("From what to what", columns: [.text("Label"), .text("Change"), .number("Samples")], rows: rows)
  }

  private static func words(for change: Change) -> String {
    switch change.kind {
    case .relabelled, .moved: "\(change.from ?? "none") → \(change.to ?? "none")"
    case .excluded: change.from ?? "all labels"
    case .restored: change.to ?? change.from ?? "all labels"
    }
  }

  /// Names by falling weight, equal ones by name.
  private static func ordered(_ names: Set<String>, weight: (String) -> Int) -> [String] {
    names.map { ($0, weight($0)) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
  }
}
