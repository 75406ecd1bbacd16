/// Learning curves and what they cost.
struct TrainingSection: ReportSection {
  typealias Run = ReportContent.TrainingRun

  let id = "training"
  let heading = "Training"
  let lead: String
  /// One entry for all charts: the colour of each run.
  let legend: [TrainingCharts.Key]
  /// Whether dashed lines are drawn, which the legend then explains.
  let hasDashedLines: Bool
  let figures: [Figure]
  let tables: [Table]

  init?(_ content: ReportContent) {
    let runs = content.training.filter { !$0.epochs.isEmpty }
    guard !runs.isEmpty else { return nil }
    lead =
      NumberFormat.counted(runs.count, "network") + " trained for "
      + NumberFormat.counted(runs.reduce(0) { $0 + $1.epochs.count }, "epoch") + " in all."
    let charts = TrainingCharts(runs: runs)
    legend = charts.legend
    hasDashedLines = charts.all.contains { $0.series.contains(where: \.isDashed) }
    figures = charts.all.map { Figure($0) }
    tables = [Self.table(of: runs)]
  }

  private static func table(of runs: [Run]) -> Table {
    func cell(_ text: String) -> Table.Cell { .number(text, text == NumberFormat.missing ? .muted : .plain) }
    return Table(
      columns: [
        .text("Run"), .text("Model"), .number("Epochs"), .number("Kept"), .number("Train loss"), .number("Val. loss"),
        .number("Train acc."), .number("Val. acc."), .number("Images/s"), .number("Time"),
      ],
      rows: runs.map { run in
        let kept = run.epochs.last { $0.number == run.bestEpoch } ?? run.epochs.last
        return [
          .text(run.name), .text(run.model ?? NumberFormat.missing, .muted), cell(NumberFormat.count(run.epochs.count)),
          cell(run.bestEpoch.map { NumberFormat.count($0) } ?? NumberFormat.missing),
          cell(NumberFormat.decimal(kept?.trainLoss, digits: 3)),
          cell(NumberFormat.decimal(kept?.validationLoss, digits: 3)),
          cell(NumberFormat.percent(kept?.trainAccuracy)), cell(NumberFormat.percent(kept?.validationAccuracy)),
          cell(imagesPerSecond(run)), cell(NumberFormat.duration(run.seconds)),
        ]
      })
  }

  private static func imagesPerSecond(_ run: Run) -> String {
    guard let speed = run.imagesPerSecond, speed.isFinite, abs(speed) < 1e12 else { return NumberFormat.missing }
    return NumberFormat.count(Int(speed.rounded()))
  }
}
