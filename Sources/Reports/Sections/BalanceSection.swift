import Curation

/// Samples per class before and after each step.
struct BalanceSection: ReportSection {
  let id = "balance"
  let heading = "Balance"
  let lead: String
  let figures: [Figure]
  let tables: [Table]

  init?(_ content: ReportContent) {
    guard let balance = content.balance, !balance.stages.isEmpty, !balance.classes.isEmpty else { return nil }
    lead = Self.lead(of: balance)
    let splits = Split.allCases.filter { split in balance.stages.contains { $0.counts(of: split) != nil } }
    figures = splits.contains(.train) ? [Figure(Self.chart(of: balance))] : []
    tables = [Self.table(of: balance, splits: splits)]
  }

  private static func lead(of balance: ReportContent.Balance) -> String {
    let ratios = balance.stages.compactMap { stage in
      stage.imbalance.map { "\(NumberFormat.ratio($0)) \(stage.name)" }
    }
    let ratio = ratios.isEmpty ? "" : "Largest to smallest training class: " + ratios.joined(separator: ", ") + ". "
    return ratio + "Only the training split is ever rebalanced."
  }

  private static func chart(of balance: ReportContent.Balance) -> BarChart {
    let stages = balance.stages.filter { $0.counts(of: .train) != nil }
    let series = stages.enumerated().map { position, stage in
      // The way leads from the quiet colour of the beginning to the accent of the result.
      let color: ChartColor = position == stages.count - 1 ? .accent : position == 0 ? .quiet : .base
      return BarChart.Series(name: stage.name, values: stage.counts(of: .train)?.map { Double($0) } ?? [], color: color)
    }
    return BarChart(
      title: "Training samples per class",
      summary: "Samples of each class in the training split, " + stages.map(\.name).joined(separator: ", ") + ".",
      categories: balance.classes, series: series)
  }

  /// Classes down; for each split its stages across, as far as they differ from the stage before.
  private static func table(of balance: ReportContent.Balance, splits: [Split]) -> Table {
    var columns: [Table.Column] = [.text("Class")]
    var values: [[Int]] = []
    for split in splits {
      var stages: [(name: String, counts: [Int])] = []
      for stage in balance.stages {
        guard let counts = stage.counts(of: split), counts != stages.last?.counts else { continue }
        stages.append((stage.name, counts))
      }
      columns += stages.map { .number(stages.count > 1 ? "\(split.rawValue) \($0.name)" : split.rawValue) }
      values += stages.map(\.counts)
    }
    func row(_ name: String, _ count: ([Int]) -> Int) -> [Table.Cell] {
      [.text(name)] + values.map { .number(NumberFormat.count(count($0))) }
    }
    return Table(
      columns: columns,
      rows: balance.classes.enumerated().map { position, name in
        row(name) { $0.indices.contains(position) ? $0[position] : 0 }
      },
      total: row("all") { $0.reduce(0, +) })
  }
}

extension ReportContent.Balance.Stage {
  /// The counts of one split; nil when the stage does not know them.
  func counts(of split: Split) -> [Int]? {
    splits.first { $0.split == split }?.counts
  }

  /// Largest class of the training split divided by its smallest; nil when a class is empty.
  var imbalance: Double? {
    guard let counts = counts(of: .train), let low = counts.min(), let high = counts.max(), low > 0 else { return nil }
    return Double(high) / Double(low)
  }
}
