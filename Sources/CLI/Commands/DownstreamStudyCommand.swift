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

  @Flag(help: "Also follow suggestions into classes whose precision is low or not known.")
  var ungated = false

  @Option(help: ArgumentHelp("Runs of each way: different whole numbers, parted by commas.", valueName: "seeds"))
  var seeds = SeedList([1, 2, 3])

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
    for name in ways.split(separator: ",") where CuredTargets(rawValue: String(name)) == nil {
      throw ValidationError(
        "There is no way '\(name)'; choose from \(CuredTargets.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
  }

  func run() throws {
    let recipe = try options.recipe(overriding: \.train)
    let store = try dataset.open()
    let classes = try store.classes()
    let plan = try GatedAcceptance(store, above: acceptAbove, splits: [.train], ignoresGates: ungated).plan
    let chosen = Set(plan.decisions.map(\.suggestion))
    let accepted = Dictionary(
      try store.suggestions().filter { chosen.contains($0.id) }.map { ($0.sample, $0) }, uniquingKeysWith: { $1 })
    guard !accepted.isEmpty else { throw CLIError.nothingToFollow(dataset.dataset, confidence: acceptAbove) }
    let scores = Dictionary(uniqueKeysWithValues: try store.scores().map { ($0.sample, $0) })
    let trial = try DownstreamTrial(
      store, recipe: recipe.train, truth: truth, work: StudyFolder(dataset.dataset).part("downstream"),
      console: common.console)
    var report = DownstreamReport(followed: accepted.count, confidence: acceptAbove, runs: [])
    for seed in seeds.seeds {
      for way in ways.split(separator: ",").compactMap({ CuredTargets(rawValue: String($0)) }) {
        let (members, targets) = way.targets(
          trial.training.images.samples, classes: classes, accepted: accepted, scores: scores)
        let measured = try trial.scores(
          members: members, targets: targets, seed: seed, name: way.rawValue, title: "Seed \(seed), \(way.rawValue)")
        report.runs += measured.map {
          DownstreamReport.Run(
            way: way, seed: seed, reference: $0.reference, trained: members.count, samples: $0.samples,
            accuracy: $0.accuracy, macroF1: $0.macroF1)
        }
      }
    }
    try common.print(report, text: report.text)
    StudyFolder(dataset.dataset).remove("downstream")
  }
}

/// What became of networks.
struct DownstreamReport: Encodable {
  /// Suggestions that were followed.
  var followed: Int
  var confidence: Double
  var runs: [Run]

  /// One network against one reference, on test rows without a copy in training.
  struct Run: Encodable, SeededRun {
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
        let raw = way == .raw ? [] : runs.filter { $0.reference == reference && $0.way == .raw }
        table.rows.append(
          [reference, way.rawValue, Numbers.count(first.samples)]
            + own.cells(\.accuracy, over: raw) + own.cells(\.macroF1, over: raw))
      }
    }
    let seeds = Set(runs.map(\.seed)).count
    return "\(Numbers.count(followed, "suggestion")) of at least \(Numbers.percent(confidence)) followed, "
      + "\(Numbers.count(seeds, "seed")), test rows without a copy in training\n\n\(table.text)"
  }
}
