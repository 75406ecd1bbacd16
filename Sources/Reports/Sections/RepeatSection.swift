/// How long it took, and how to do it again.
struct RepeatSection: ReportSection {
  let id = "repeat"
  let heading = "Repeat"
  let lead: String
  let figures: [Figure]
  let tables: [Table]
  /// Commands, a line each.
  let commands: String?
  let recipe: String?

  init?(_ content: ReportContent) {
    guard !content.steps.isEmpty || !content.commands.isEmpty || content.recipe != nil || !content.runs.isEmpty
    else { return nil }
    commands = content.commands.isEmpty ? nil : content.commands.joined(separator: "\n")
    recipe = content.recipe.flatMap { $0.isEmpty ? nil : $0 }
    tables = content.runs.isEmpty ? [] : [Self.history(content.runs)]
    let total = content.steps.reduce(0) { $0 + ($1.seconds.isFinite ? $1.seconds : 0) }
    figures =
      content.steps.isEmpty
      ? []
      : [
        Figure(
          BarChart(
            title: "Time of each step",
            summary: "Wall-clock time of each step, \(NumberFormat.duration(total)) in all.",
            categories: content.steps.map(\.name),
            series: [.init(name: "time", values: content.steps.map(\.seconds), color: .accent)], number: .duration))
      ]
    lead = [
      content.steps.isEmpty ? nil : "The work took \(NumberFormat.duration(total)).",
      content.seed.map {
        "Every random choice follows from seed \($0): the same program, data and recipe give the same result."
      },
    ].compactMap { $0 }.joined(separator: " ")
  }

  /// The last runs, the latest at the end; what came before them is counted.
  private static func history(_ runs: [ReportContent.RunLine]) -> Table {
    let shown = runs.suffix(longestHistory)
    let leftOut = NumberFormat.counted(runs.count - shown.count, "earlier run is", "earlier runs are")
    let caption = "What was done" + (shown.count == runs.count ? "" : "; \(leftOut) left out")
    return Table(
      caption, columns: [.number("Run"), .text("Step"), .text("Begun"), .text("Outcome")],
      rows: shown.map { run in
        [.number(String(run.number)), .text(run.kind), .text(run.started, .muted), .text(run.outcome, .muted)]
      })
  }

  /// Longer histories are cut at their beginning.
  static let longestHistory = 40
}
