/// Loss, accuracy and learning rate of several runs, each over the epochs.
struct TrainingCharts {
  typealias Run = ReportContent.TrainingRun
  typealias Epoch = ReportContent.TrainingRun.Epoch

  /// The runs, those the reader shall look at last, so that their lines lie above the others.
  private let runs: [Run]

  init(runs: [Run]) {
    self.runs = runs.filter { $0.role == .audit } + runs.filter { $0.role != .audit }
  }

  /// One entry of the legend.
  struct Key {
    let name: String
    let color: String
  }

  /// The colour of each run; all networks of an audit share one entry.
  var legend: [Key] {
    var seen = Set<String>()
    return runs.enumerated().compactMap { position, run in
      let name = legendName(of: run)
      return seen.insert(name).inserted ? Key(name: name, color: color(of: run, at: position).rawValue) : nil
    }.reversed()
  }

  /// The charts for which there are values.
  var all: [LineChart] {
    [
      chart(
        "Loss", validation: \.validationLoss, training: \.trainLoss, number: .decimal(2),
        summary: "Mean loss of each epoch, on training and validation rows."),
      chart(
        "Accuracy", validation: \.validationAccuracy, training: \.trainAccuracy, number: .percent,
        summary: "Share of rows classified as labelled in each epoch, on training and validation rows."),
      chart(
        "Learning rate", validation: \.learningRate, training: nil, number: .decimal(4),
        summary: "Learning rate at the end of each epoch."),
    ].compactMap { $0 }
  }

  private func chart(
    _ title: String, validation: KeyPath<Epoch, Double?>, training: KeyPath<Epoch, Double?>?, number: ChartNumber,
    summary: String
  ) -> LineChart? {
    var series: [LineChart.Series] = []
    for (position, run) in runs.enumerated() {
      let color = color(of: run, at: position)
      let name = legendName(of: run)
      if let training, run.role != .audit {
        series.append(.init(name: name + ", train", points: points(of: run, training), color: color, isDashed: true))
      }
      series.append(
        .init(
          name: name + (training == nil ? "" : run.role == .audit ? "" : ", validation"),
          points: points(of: run, validation), color: color, isLabelled: training != nil && run.role != .audit))
    }
    let drawn = series.filter { $0.points.contains(where: \.isFinite) }
    guard !drawn.isEmpty else { return nil }
    return LineChart(
      title: title, summary: summary, series: drawn, number: number, width: 330, plotHeight: 190, hasLegend: false)
  }

  private func points(of run: Run, _ value: KeyPath<Epoch, Double?>) -> [LineChart.Point] {
    run.epochs.map { LineChart.Point(x: Double($0.number), y: $0[keyPath: value] ?? .nan) }
  }

  private func legendName(of run: Run) -> String {
    guard run.role == .audit else { return run.name }
    let folds = runs.filter { $0.role == .audit }.count
    return folds == 1 ? run.name : "audit (\(folds) networks)"
  }

  private func color(of run: Run, at position: Int) -> ChartColor {
    let others: [ChartColor] = [.second, .third, .fourth]
    return switch run.role {
    case .raw: .base
    case .curated: .accent
    case .audit: .quiet
    case .other: others[runs[..<position].filter { $0.role == .other }.count % others.count]
    }
  }
}
