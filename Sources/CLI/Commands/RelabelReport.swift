import Auditing
import Curation
import Reports
import Training

/// The sweep of `fercure study relabel` as tables and a chart.
struct RelabelReport: Encodable {
  var outcomes: [RelabelStudy.Outcome]
  /// The setting that gains most, right changes less harmful ones; nil when none gains.
  var recommended: RelabelStudy.Setting?
  /// Networks that were trained on what settings make of the labels.
  var downstream: [Run] = []

  /// One network by one reference, on test rows without a copy in training.
  struct Run: Encodable, SeededRun {
    /// Nil for the labels as they are.
    var setting: RelabelStudy.Setting?
    /// Labels changed.
    var changed: Int
    var seed: UInt64
    var reference: String
    var samples: Int
    var accuracy: Double
    var macroF1: Double
  }

  init(_ outcomes: [RelabelStudy.Outcome]) {
    self.outcomes = outcomes
    let best = outcomes.max { $0.right - $0.harmful < $1.right - $1.harmful }
    recommended = best.flatMap { $0.right > $0.harmful ? $0.setting : nil }
  }

  /// A setting in one word, for files and titles.
  static func name(of setting: RelabelStudy.Setting) -> String {
    let cells = cells(setting)
    return "\(cells[0])-ratio-\(cells[1])-margin-\(cells[2])-from-\(cells[3])"
  }

  var text: String {
    var table = TextTable(
      header: ["scope", "ratio", "margin", "from epoch", "relabelled", "right", "harmful", "gain of judged"])
    table.rows = outcomes.map { row in
      Self.cells(row.setting) + [
        Numbers.count(row.changed), Numbers.percent(row.right, of: row.judged),
        Numbers.percent(row.harmful, of: row.judged), Numbers.count(row.right - row.harmful),
      ]
    }
    let advice =
      if let cells = recommended.map(Self.cells) {
        "most right changes less harmful ones: scope \(cells[0]), ratio \(cells[1]), margin \(cells[2]), "
          + "from epoch \(cells[3])"
      } else {
        "no setting mends more labels than it breaks"
      }
    return [table.text, advice, downstreamText].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// Scope, ratio, margin and first epoch.
  private static func cells(_ setting: RelabelStudy.Setting) -> [String] {
    [
      setting.scope.rawValue, Numbers.decimal(setting.ratio, places: 2), Numbers.decimal(setting.margin, places: 2),
      String(setting.from),
    ]
  }

  /// What networks make of the labels, by reference, from few changes to many.
  private var downstreamText: String {
    guard !downstream.isEmpty else { return "" }
    var table = TextTable(header: [
      "test against", "scope", "ratio", "margin", "from epoch", "relabelled", "accuracy", "over raw", "macro-F1",
      "over raw",
    ])
    for reference in references {
      for group in settings(reference) {
        let raw = group.setting == nil ? [] : downstream.filter { $0.reference == reference && $0.setting == nil }
        table.rows.append(
          [reference] + (group.setting.map(Self.cells) ?? ["raw", "", "", ""])
            + [Numbers.count(group.changed)] + group.runs.cells(\.accuracy, over: raw)
            + group.runs.cells(\.macroF1, over: raw))
      }
    }
    let seeds = Set(downstream.map(\.seed)).count
    return "networks trained on these labels, \(Numbers.count(seeds, "seed")), test rows without a copy in training\n\n"
      + table.text
  }

  private var references: [String] { Set(downstream.map(\.reference)).sorted() }

  /// The runs of each setting by one reference, raw labels first.
  private func settings(_ reference: String) -> [(setting: RelabelStudy.Setting?, changed: Int, runs: [Run])] {
    // As they were trained: raw labels first, then from few changes to many.
    var groups: [(setting: RelabelStudy.Setting?, changed: Int, runs: [Run])] = []
    for run in downstream where run.reference == reference {
      if let place = groups.firstIndex(where: { $0.setting == run.setting }) {
        groups[place].runs.append(run)
      } else {
        groups.append((run.setting, run.changed, [run]))
      }
    }
    return groups
  }

  /// How often relabels are right, and what networks reach that learn from them, by how many labels a setting changes.
  var chart: LineChart {
    let scopes = SelfCureRecipe.RelabelScope.allCases
    let colors: [ChartColor] = [.accent, .base]
    var series = zip(scopes, colors).map { scope, color in
      LineChart.Series(
        name: "relabels that are right, \(scope.rawValue)",
        points: outcomes.filter { $0.setting.scope == scope && $0.judged > 0 }.sorted { $0.changed < $1.changed }
          .map { LineChart.Point(x: Double($0.changed), y: $0.precision.share) }, color: color)
    }
    // Votes know the faces best, a truth file better still.
    if let reference = ["truth", "votes", "labels"].first(where: references.contains) {
      series.append(
        LineChart.Series(
          name: "test accuracy against \(reference)",
          points: settings(reference).map { group in
            LineChart.Point(
              x: Double(group.changed), y: MeanInterval(group.runs.map(\.accuracy)).mean)
          }, color: .second, isDashed: true))
    }
    return LineChart(
      title: "SCN's relabelling",
      summary: "How often relabels are right, and how well networks do that learn from them, by how many labels change",
      xName: "labels changed", series: series, number: .percent)
  }
}
