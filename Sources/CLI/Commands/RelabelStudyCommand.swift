import ArgumentParser
import Auditing
import Curation
import Foundation
import Reports
import Training

/// `fercure study relabel`: what SCN's relabelling does under other settings.
struct RelabelStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relabel", abstract: "Sweeps SCN's ratio, margin, first relabel epoch and scope against known votes.",
    discussion: """
      A network is trained once, without relabelling; every setting is then replayed on what it said epoch by epoch. Votes, or a truth file, say how often a relabel is right.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("A csv with the columns key and true that is taken for true.", valueName: "file"))
  var truth: String?

  @Option(help: ArgumentHelp("Also draw the sweep as an SVG file.", valueName: "file.svg"))
  var plot: String?

  @OptionGroup(title: "Training") var options: RecipeOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    var recipe = try options.recipe(overriding: \.audit.train)
    let store = try dataset.open()
    recipe.audit = try recipe.audit.lengthened(for: store, votes: [:])
    let plot = try plot.map { try ResultFile($0, besides: [truth].compactMap(\.self)) }
    let classes = try store.classes()
    let known = try truth.map { try Truths.file($0, samples: store.samples(), classes: classes) }
    let truths = (try known ?? Truths.votes(store.votes(), classes: classes)).mapValues { classes[$0] }
    guard !truths.isEmpty else {
      throw CLIError.nothingKnown(truth ?? dataset.dataset)
    }
    let work = URL(fileURLWithPath: dataset.dataset + ".study/relabel")
    let progress = AuditProgress(console: common.console)
    let outcomes = try RelabelStudy(recipe: recipe.audit, seed: recipe.seed).run(
      store, truth: truths, settings: RelabelStudy.settings(around: recipe.audit), work: work,
      observe: progress.observe)
    progress.finish()
    let report = RelabelReport(outcomes)
    try plot?.write(report.chart.standalone())
    try common.print(report, text: report.text)
    try? FileManager.default.removeItem(atPath: dataset.dataset + ".study")
  }
}

/// The sweep as a table and a plot.
struct RelabelReport: Encodable {
  var outcomes: [RelabelStudy.Outcome]
  /// The setting that gains most, right changes less harmful ones; nil when none gains.
  var recommended: RelabelStudy.Setting?

  init(_ outcomes: [RelabelStudy.Outcome]) {
    self.outcomes = outcomes
    let best = outcomes.max { $0.right - $0.harmful < $1.right - $1.harmful }
    recommended = best.flatMap { $0.right > $0.harmful ? $0.setting : nil }
  }

  var text: String {
    var table = TextTable(
      header: ["scope", "ratio", "margin", "from epoch", "relabelled", "right", "harmful", "gain of judged"])
    table.rows = outcomes.map { row in
      [
        row.setting.scope.rawValue, Numbers.decimal(row.setting.ratio, places: 2),
        Numbers.decimal(row.setting.margin, places: 2), String(row.setting.from),
        Numbers.count(row.changed), Numbers.percent(row.right, of: row.judged),
        Numbers.percent(row.harmful, of: row.judged), Numbers.count(row.right - row.harmful),
      ]
    }
    guard let recommended else { return table.text + "\n\nno setting mends more labels than it breaks" }
    return table.text
      + "\n\nmost right changes less harmful ones: scope \(recommended.scope.rawValue), "
      + "ratio \(Numbers.decimal(recommended.ratio, places: 2)), "
      + "margin \(Numbers.decimal(recommended.margin, places: 2)), from epoch \(recommended.from)"
  }

  /// How precise relabelling is by how much it relabels, a line a scope.
  var chart: LineChart {
    let scopes = SelfCureRecipe.RelabelScope.allCases
    let colors: [ChartColor] = [.accent, .base]
    return LineChart(
      title: "SCN's relabelling", summary: "Share of right relabels by how many labels a setting changes",
      xName: "labels changed",
      series: zip(scopes, colors).map { scope, color in
        LineChart.Series(
          name: scope.rawValue,
          points: outcomes.filter { $0.setting.scope == scope && $0.judged > 0 }.sorted { $0.changed < $1.changed }
            .map { LineChart.Point(x: Double($0.changed), y: $0.precision.share) }, color: color)
      }, number: .percent)
  }
}
