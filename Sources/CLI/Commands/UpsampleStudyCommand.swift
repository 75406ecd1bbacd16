import ArgumentParser
import Curation
import Imaging
import Reports
import Training

/// `fercure study upsample`: to what size faces should be enlarged, and by which filter.
struct UpsampleStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upsample", abstract: "To what size should faces be enlarged, and by which filter?",
    discussion: """
      For every size and filter: how far a picture that is enlarged and reduced again is from itself, how sharp it is, and \
      how much work it makes. With --train also the validation accuracy of a training at that size.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The sizes, separated by commas.", valueName: "pixels"))
  var sizes = "48,64,96,128"

  @Option(help: ArgumentHelp("Pictures that are measured, evenly over the training split.", valueName: "n"))
  var pictures = 500

  @Flag(help: "Train a network at each size; the recipe's options say how.")
  var train = false

  @Option(help: ArgumentHelp("Also write a chart.", valueName: "svg"))
  var chart: String?

  @OptionGroup(title: "Training") var recipe: RecipeOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if pictures < 1 { throw ValidationError("--pictures is at least 1.") }
  }

  func run() throws {
    let wanted = try sizes.split(separator: ",").map { part in
      guard let size = Int(part), (8...1024).contains(size) else {
        throw ValidationError("--sizes are whole numbers from 8 to 1024, not '\(part)'.")
      }
      return size
    }
    let store = try dataset.open()
    let chart = try chart.map { try ResultFile($0) }
    let training = try store.samples().filter { $0.split == .train }
    let count = min(pictures, training.count)
    let chosen = (0..<count).map { training[$0 * training.count / max(1, count)] }
    let effective = try recipe.recipe(overriding: \.train)
    var report = Report(rows: [])
    for size in wanted {
      for filter in ResamplingFilter.allCases {
        report.rows.append(try measure(chosen, size: size, filter: filter, store))
      }
      if train {
        let study = StudyTraining(recipe: effective.train, seed: effective.seed, console: common.console)
        report.trained["\(size)"] = try study.accuracy(store, title: "Training at \(size) pixels") { $0.size = size }
      }
    }
    try chart?.write(report.chart.standalone())
    try common.print(report, text: report.text)
  }

  private func measure(
    _ samples: [Sample], size: Int, filter: ResamplingFilter, _ store: DatasetStore
  ) throws -> Report.Row {
    var row = Report.Row(size: size, filter: filter.rawValue, error: 0, sharpness: 0)
    try store.forEachImage(of: samples) { _, image in
      let gray = image.convertedToGray()
      let large = gray.resized(height: size, width: size, filter: filter)
      let back = large.resized(height: gray.height, width: gray.width, filter: .bilinear)
      let squares = zip(gray.pixels, back.pixels).reduce(0) { sum, pair in
        let difference = Int(pair.0) - Int(pair.1)
        return sum + difference * difference
      }
      row.error += (Double(squares) / Double(gray.pixels.count)).squareRoot()
      // Edges of the picture at 64 pixels a side, so that sizes can be compared.
      row.sharpness += large.edgeDeviation
    }
    row.error /= Double(max(1, samples.count))
    row.sharpness /= Double(max(1, samples.count))
    return row
  }

  /// What enlarging does, by size and filter.
  struct Report: Encodable {
    var rows: [Row]
    /// The validation accuracy of a training at each size.
    var trained: [String: Double] = [:]

    /// One size and filter.
    struct Row: Encodable {
      var size: Int
      var filter: String
      /// Root mean square difference in levels after reducing again.
      var error: Double
      var sharpness: Double
    }

    var text: String {
      var table = TextTable(
        header: ["size", "filter", "error", "sharpness", "work"] + (trained.isEmpty ? [] : ["trained"]))
      let smallest = rows.map(\.size).min() ?? 1
      table.rows = rows.map { row in
        let work = Double(row.size * row.size) / Double(smallest * smallest)
        return [
          "\(row.size)", row.filter, Numbers.decimal(row.error, places: 2), Numbers.decimal(row.sharpness, places: 1),
          Numbers.decimal(work, places: 1),
        ] + (trained.isEmpty ? [] : [trained["\(row.size)"].map { Numbers.percent($0) } ?? ""])
      }
      return table.text + "\n\n" + recommendation
    }

    private var recommendation: String {
      if let best = trained.values.max() {
        let size = trained.filter { $0.value >= best - 0.005 }.compactMap { Int($0.key) }.min() ?? 0
        return "recommended: \(size) pixels, the least work within half a point of the best validation accuracy, "
          + Numbers.percent(best)
      }
      let filters = Dictionary(grouping: rows.filter { $0.filter != "nearest" }) { $0.filter }
        .mapValues { rows in rows.reduce(0) { $0 + $1.error } / Double(rows.count) }
      let filter = filters.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? ""
      return
        "recommended filter: \(filter), which keeps most of the picture; --train measures what a size does to a training"
    }

    var chart: LineChart {
      let colors: [ChartColor] = [.base, .accent, .second, .third]
      let filters = ResamplingFilter.allCases.map(\.rawValue)
      return LineChart(
        title: "What enlarging and reducing again changes",
        summary: "Root mean square difference in levels, by filter.",
        xName: "pixels",
        series: zip(filters, colors).map { filter, color in
          LineChart.Series(
            name: filter,
            points: rows.filter { $0.filter == filter }.map { LineChart.Point(x: Double($0.size), y: $0.error) },
            color: color, isLabelled: true)
        }, number: .decimal(2))
    }
  }
}
