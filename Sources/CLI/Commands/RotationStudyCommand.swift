import ArgumentParser
import Curation
import Imaging
import Reports
import Training

/// `fercure study rotation`: how far a tightly cropped face may be turned.
struct RotationStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotation", abstract: "How far may faces be turned? By angle and border policy.",
    discussion: """
      For every angle: the share of the turned picture that shows nothing real, because it lies beyond the border, and the \
      share of the picture that would be lost by cutting out the largest part without such corners. With --ask also \
      how the network's answers change, with --train also the validation accuracy of a training that turns so far.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The angles, separated by commas.", valueName: "degrees"))
  var degrees = "0,5,10,15,20,30,45"

  @Option(help: ArgumentHelp("A trained network to ask.", valueName: "file"), completion: .file())
  var ask: String?

  @Flag(help: "Train a network with each bound and border; the recipe's options say how.")
  var train = false

  @Option(
    help: ArgumentHelp(
      "What the corners are filled with, separated by commas: reflect, edge, black.", valueName: "policies"))
  var borders = "reflect,edge,black"

  @Option(help: ArgumentHelp("Also write a chart.", valueName: "svg"))
  var chart: String?

  @OptionGroup(title: "Training") var recipe: RecipeOptions
  @OptionGroup var common: CommonOptions

  /// The border policies that are compared.
  private static let policies: [(name: String, border: BorderPolicy)] = [
    ("reflect", .reflect), ("edge", .edge), ("black", .constant(0)),
  ]

  func run() throws {
    let angles = try parsedAngles(degrees, in: 0...90)
    let policies = try borders.split(separator: ",").map { part in
      guard let policy = Self.policies.first(where: { $0.name == part }) else {
        throw ValidationError("--borders are of \(Self.policies.map(\.name).joined(separator: ", ")), not '\(part)'.")
      }
      return policy
    }
    let store = try dataset.open()
    let chart = try chart.map { try ResultFile($0, besides: [ask].compactMap(\.self)) }
    let usual = try store.info().sizes.first
    let (height, width) = (usual?.height ?? 48, usual?.width ?? 48)
    let network = try ask.map { try StudiedNetwork($0, on: store) }
    let effective = try recipe.recipe(overriding: \.train)
    var report = Report(
      height: height, width: width, borders: policies.map(\.name), angles: [], recommended: 0, reason: "")
    var untouched: Double?
    for angle in angles {
      var row = Report.Angle(degrees: angle, coverage: RotationCoverage(height: height, width: width, degrees: angle))
      if let network {
        row.change = [:]
        row.accuracy = [:]
        for (name, border) in policies {
          let (left, right) = (
            try network.change(by: [.rotate(degrees: angle, border: border, filter: .bilinear)]),
            try network.change(by: [.rotate(degrees: -angle, border: border, filter: .bilinear)])
          )
          row.change?[name] = (left.change + right.change) / 2
          row.accuracy?[name] = (left.accuracy + right.accuracy) / 2
        }
      }
      if train {
        let training = StudyTraining(recipe: effective.train, seed: effective.seed, console: common.console)
        row.trained = [:]
        for (name, border) in policies {
          // Without any turn the border is never seen.
          let known = angle == 0 ? untouched : nil
          let accuracy =
            try known
            ?? training.accuracy(
              store, title: "Training up to \(Numbers.decimal(angle, places: 0)) degrees, \(name)"
            ) {
              $0.augment = Compose([Flip()] + (angle > 0 ? [Rotate(degreesRange: -angle...angle, border: border)] : []))
            }
          if angle == 0 { untouched = accuracy }
          row.trained?[name] = accuracy
        }
      }
      report.angles.append(row)
    }
    report.recommend()
    try chart?.write(report.chart.standalone())
    try common.print(report, text: report.text)
  }

  /// What turning does, angle by angle.
  struct Report: Encodable {
    var height: Int
    var width: Int
    var borders: [String]
    var angles: [Angle]
    var recommended: Double
    var reason: String

    /// One angle.
    struct Angle: Encodable {
      var degrees: Double
      var invented: Double
      var zoom: Double
      var lostByCropping: Double
      /// By border policy: the share of probability that moves to other classes, and the accuracy.
      var change: [String: Double]?
      var accuracy: [String: Double]?
      /// By border policy: the validation accuracy of a training that turns up to the angle.
      var trained: [String: Double]?
      /// The best of them.
      var bestTrained: Double? { trained?.values.max() }

      init(degrees: Double, coverage: RotationCoverage) {
        self.degrees = degrees
        invented = coverage.invented
        zoom = coverage.zoom
        lostByCropping = coverage.lostByCropping
      }
    }

    /// The most that is invented of a picture, in the mean over all angles up to the bound, without any better evidence.
    private static let mostInvented = 0.08
    /// How near to the best accuracy a smaller bound must be to be preferred: half a point is within the noise of a run.
    private static let margin = 0.005

    mutating func recommend() {
      if let best = angles.compactMap(\.bestTrained).max() {
        let chosen = angles.first { $0.bestTrained.map { $0 >= best - Self.margin } ?? false }
        recommended = chosen?.degrees ?? 0
        reason =
          "the smallest bound whose training is within half a point of the best validation accuracy, "
          + Numbers.percent(best)
        return
      }
      if let border = borders.first, let still = angles.first?.accuracy?[border] {
        let chosen = angles.last { ($0.accuracy?[border] ?? 0) >= still - 0.02 }
        recommended = chosen?.degrees ?? 0
        reason = "the largest angle at which the network that never saw turned faces loses at most 2 points of accuracy"
        return
      }
      let chosen = angles.last { $0.invented <= Self.mostInvented }
      recommended = chosen?.degrees ?? 0
      reason =
        "the largest angle at which at most \(Numbers.percent(Self.mostInvented)) of the picture show nothing real; "
        + "--train measures what it does to a training"
    }

    var text: String {
      let parts: [(name: String, values: (Angle) -> [String: Double]?)] = [
        ("change", { $0.change }), ("accuracy", { $0.accuracy }), ("trained", { $0.trained }),
      ].filter { part in angles.contains { part.1($0) != nil } }
      var table = TextTable(
        header: ["degrees", "not real", "crop zoom", "lost by crop"]
          + parts.flatMap { part in borders.map { "\(part.name) \($0)" } })
      table.rows = angles.map { row in
        [
          Numbers.decimal(row.degrees, places: 0), Numbers.percent(row.invented), Numbers.decimal(row.zoom, places: 2),
          Numbers.percent(row.lostByCropping),
        ] + parts.flatMap { part in borders.map { Numbers.percent(part.values(row)?[$0] ?? 0) } }
      }
      return "\(width) x \(height) pixels\n\n\(table.text)\n\nrecommended: up to "
        + "\(Numbers.decimal(recommended, places: 0)) degrees, \(reason)"
    }

    var chart: LineChart {
      func line(_ name: String, _ color: ChartColor, _ value: (Angle) -> Double?) -> LineChart.Series? {
        let points = angles.compactMap { row in value(row).map { LineChart.Point(x: row.degrees, y: $0) } }
        return points.isEmpty ? nil : LineChart.Series(name: name, points: points, color: color, isLabelled: true)
      }
      return LineChart(
        title: "What turning does to a face",
        summary: "Shares by angle; recommended is a bound of \(Numbers.decimal(recommended, places: 0)) degrees.",
        xName: "degrees",
        series: [
          line("not real", .accent) { $0.invented }, line("lost by cropping", .base) { $0.lostByCropping },
          line("change of the network's answer", .second) { $0.change?[borders.first ?? ""] },
          line("accuracy of a training", .third) { $0.bestTrained },
        ].compactMap { $0 }, number: .percent)
    }
  }
}
