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
      A network is trained once, without relabelling; every setting is then replayed on what it said epoch by epoch. Votes, or \
      a truth file, say how often a relabel is right. With --downstream networks are trained on what some of the settings make \
      of the labels, and on the labels as they are, by the same options, and judged on the test split. A stopped study goes on \
      where it was; its state is kept in DATASET.study.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("A csv with the columns key and true that is taken for true.", valueName: "file"))
  var truth: String?

  @Option(
    help: ArgumentHelp(
      "Train on what so many settings make of the labels: the recipe's own and some that change less and more.",
      valueName: "n"))
  var downstream = 0

  @Option(
    help: ArgumentHelp(
      "With --downstream: runs of each setting, different whole numbers, parted by commas.", valueName: "seeds"))
  var seeds = SeedList([1])

  @Option(help: ArgumentHelp("Also write a chart.", valueName: "svg"))
  var chart: String?

  @OptionGroup(title: "Training") var options: RecipeOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...100).contains(downstream) else {
      throw ValidationError("--downstream is a number from 0 to 100, not \(downstream).")
    }
  }

  func run() throws {
    var recipe = try options.recipe(overriding: \.audit.train)
    let store = try dataset.open()
    let chart = try chart.map { try ResultFile($0, besides: [truth].compactMap(\.self)) }
    let classes = try store.classes()
    let known = try truth.map { try Truths.file($0, samples: store.samples(), classes: classes) }
    let truths = (try known ?? Truths.votes(store.votes(), classes: classes)).mapValues { classes[$0] }
    guard !truths.isEmpty else {
      throw CLIError.nothingKnown(truth ?? dataset.dataset)
    }
    let folder = StudyFolder(dataset.dataset)
    // Made first: that there is no test split is said before a network has learned.
    let trial =
      try downstream == 0
      ? nil
      : DownstreamTrial(
        store, recipe: options.recipe(overriding: \.train).train, truth: truth, work: folder.part("relabel/downstream"),
        console: common.console)
    let (training, taught) = try recipe.audit.schooling(store, votes: [:])
    recipe.audit = recipe.audit.lengthened(training: training, taughtByVotes: taught, telling: common.console)
    let progress = AuditProgress(console: common.console)
    let outcomes = try RelabelStudy(recipe: recipe.audit, seed: recipe.seed).run(
      store, truth: truths, settings: RelabelStudy.settings(around: recipe.audit), work: folder.part("relabel"),
      observe: progress.observe)
    progress.finish()
    var report = RelabelReport(outcomes)
    if let trial { report.downstream = try trained(trial, outcomes) }
    try chart?.write(report.chart.standalone())
    try common.print(report, text: report.text)
    folder.remove("relabel")
  }

  /// Trains on the labels as they are and on what some settings make of them.
  private func trained(
    _ trial: DownstreamTrial, _ outcomes: [RelabelStudy.Outcome]
  ) throws -> [RelabelReport.Run] {
    let samples = trial.training.images.samples
    // Settings relabel no copies, which would contradict their parents.
    let members = samples.indices.filter { samples[$0].encoding != .derived }
    let chosen = RelabelStudy.spread(outcomes, count: downstream)
    var runs: [RelabelReport.Run] = []
    for seed in seeds.seeds {
      for outcome in [nil] + chosen.map(Optional.some) {
        let labels = members.map { outcome?.labels[samples[$0].id] ?? trial.training.labels[$0] }
        let name = outcome.map { RelabelReport.name(of: $0.setting) } ?? "raw"
        let scores = try trial.scores(
          members: members, targets: TrainingTargets(labels: labels), seed: seed, name: name,
          title: "Seed \(seed), \(name)")
        runs += scores.map {
          RelabelReport.Run(
            setting: outcome?.setting, changed: outcome?.changed ?? 0, seed: seed, reference: $0.reference,
            samples: $0.samples, accuracy: $0.accuracy, macroF1: $0.macroF1)
        }
      }
    }
    return runs
  }
}
