import ArgumentParser
import Auditing
import Curation
import Foundation
import Training

/// `fercure study downstream`: whether following an audit's suggestions makes better networks.
struct DownstreamStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "downstream",
    abstract: "Trains the same network on raw, pruned, relabelled and soft labels, seed by seed.",
    discussion: """
      The suggestions of the last audit are followed as 'fercure resolve --accept-above' would: classes whose precision is \
      low or unknown are held back. All ways get the same steps. Nothing in the dataset is changed; no epoch is chosen by \
      the test split. A stopped study goes on where it was; its state is kept in DATASET.study.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("Follow suggestions of at least this confidence, 0 ... 1.", valueName: "c"))
  var acceptAbove = 0.7

  @Option(help: ArgumentHelp("Runs of each way, parted by commas.", valueName: "seeds"))
  var seeds = "1,2,3"

  @Option(
    help: ArgumentHelp(
      "Ways, parted by commas: \(CuredTargets.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "ways"))
  var ways = CuredTargets.allCases.map(\.rawValue).joined(separator: ",")

  @Option(help: ArgumentHelp("A csv with the columns key and true that is taken for true.", valueName: "file"))
  var truth: String?

  @OptionGroup(title: "Training") var options: RecipeOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...1).contains(acceptAbove) else {
      throw ValidationError("--accept-above is a number from 0 to 1, not \(acceptAbove).")
    }
    if seedValues.isEmpty { throw ValidationError("--seeds are whole numbers, parted by commas, not '\(seeds)'.") }
    for name in ways.split(separator: ",") where CuredTargets(rawValue: String(name)) == nil {
      throw ValidationError(
        "There is no way '\(name)'; choose from \(CuredTargets.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
  }

  private var seedValues: [UInt64] { seeds.split(separator: ",").compactMap { UInt64($0) } }

  func run() throws {
    let recipe = try options.recipe(overriding: \.train)
    let store = try dataset.open()
    let classes = try store.classes()
    let plan = try GatedAcceptance(store, above: acceptAbove, splits: [.train]).plan
    let chosen = Set(plan.decisions.map(\.suggestion))
    let accepted = Dictionary(
      try store.suggestions().filter { chosen.contains($0.id) }.map { ($0.sample, $0) }, uniquingKeysWith: { $1 })
    guard !accepted.isEmpty else { throw CLIError.nothingToFollow(dataset.dataset, confidence: acceptAbove) }
    let scores = Dictionary(uniqueKeysWithValues: try store.scores().map { ($0.sample, $0) })
    let training = try LabelledSet(
      .train, of: store, channels: recipe.train.channels, size: recipe.train.size, console: common.console)
    var budget = recipe.train
    if budget.steps == 0 { budget.steps = budget.epochs * max(1, training.images.count / budget.batchSize) }
    let hasVotes = try !store.votes().isEmpty
    // Finished trainings stay until the table is printed: a study that was stopped goes on where it was.
    let work = URL(fileURLWithPath: dataset.dataset + ".study/downstream")
    try ResultFile.makeFolder(work.path)
    var report = DownstreamReport(followed: accepted.count, confidence: acceptAbove, runs: [])
    for seed in seedValues {
      for way in ways.split(separator: ",").compactMap({ CuredTargets(rawValue: String($0)) }) {
        let (members, targets) = way.targets(
          training.images.samples, classes: classes, accepted: accepted, scores: scores)
        let title = "Seed \(seed), \(way.rawValue)"
        let progress = TrainingProgress(title, console: common.console)
        var trainer = Trainer(
          recipe: budget, classes: classes, seed: seed,
          checkpoint: work.appending(path: "seed-\(seed)-\(way.rawValue).training"), observe: progress.observe)
        trainer.replacesOtherCheckpoints = true
        let outcome = try trainer.train(training.images.subset(members), targets: targets)
        let evaluation = try ModelEvaluation(
          model: outcome.model, store: store, split: .test, title: title, console: common.console)
        var references = [try evaluation.evaluation(against: .labels)]
        if hasVotes { references.append(try evaluation.evaluation(against: .votes)) }
        if let truth { references.append(try evaluation.evaluation(against: .labels, truthFile: truth)) }
        for one in references {
          let counted = one.notLeaked ?? one.all
          report.runs.append(
            DownstreamReport.Run(
              way: way, seed: seed, reference: one.reference, trained: members.count, samples: counted.samples,
              accuracy: counted.accuracy, macroF1: counted.macroF1))
        }
      }
    }
    try common.print(report, text: report.text)
    try? FileManager.default.removeItem(atPath: dataset.dataset + ".study")
  }
}

/// What became of networks.
struct DownstreamReport: Encodable {
  /// Suggestions that were followed.
  var followed: Int
  var confidence: Double
  var runs: [Run]

  /// One network against one reference, on test rows without a copy in training.
  struct Run: Encodable {
    var way: CuredTargets
    var seed: UInt64
    var reference: String
    var trained: Int
    var samples: Int
    var accuracy: Double
    var macroF1: Double
  }

  var text: String {
    var table = TextTable(header: [
      "test against", "trained on", "samples", "accuracy", "over raw", "macro-F1", "over raw",
    ])
    for reference in Set(runs.map(\.reference)).sorted() {
      for way in CuredTargets.allCases {
        let own = runs.filter { $0.reference == reference && $0.way == way }
        guard let first = own.first else { continue }
        let raw = runs.filter { $0.reference == reference && $0.way == .raw }
        func cells(_ value: (Run) -> Double) -> [String] {
          // Runs of one seed are compared with each other: they share what chance does.
          let gains = own.compactMap { run in raw.first { $0.seed == run.seed }.map { value(run) - value($0) } }
          let gain = way == .raw || gains.isEmpty ? "" : Self.points(MeanInterval(gains))
          return [Numbers.percent(MeanInterval(own.map(value)).mean), gain]
        }
        table.rows.append(
          [reference, way.rawValue, Numbers.count(first.samples)] + cells(\.accuracy) + cells(\.macroF1))
      }
    }
    let seeds = Set(runs.map(\.seed)).count
    return "\(Numbers.count(followed, "suggestion")) of at least \(Numbers.percent(confidence)) followed, "
      + "\(Numbers.count(seeds, "seed")), test rows without a copy in training\n\n\(table.text)"
  }

  private static func points(_ interval: MeanInterval) -> String {
    let sign = interval.mean < 0 ? "" : "+"
    let spread = interval.half.isFinite ? " ± \(Numbers.decimal(interval.half * 100, places: 1))" : ""
    return sign + Numbers.decimal(interval.mean * 100, places: 1) + spread
  }
}
