import ArgumentParser
import Auditing
import Curation
import Foundation
import Training

/// `fercure study noise`: labels are made wrong on purpose, and every auditor is asked which.
struct NoiseStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "noise",
    abstract: "Makes trusted labels wrong in memory and counts which auditor finds and mends them.",
    discussion: """
      Trusted are the labels that a truth file or at least eight votes confirm; without either, all. The dataset is not \
      changed. Every kind and rate trains an audit of its own, which knows nothing but labels. A stopped study goes on where \
      it was; its state is kept in DATASET.study.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("Kinds of noise, parted by commas: uniform, confusion, instance.", valueName: "kinds"))
  var kind = "uniform"

  @Option(help: ArgumentHelp("Shares of the labels, parted by commas.", valueName: "rates"))
  var rates = "0.1,0.2,0.3"

  @Option(help: ArgumentHelp("A csv with the columns key and true: those labels are trusted.", valueName: "file"))
  var truth: String?

  @Option(help: ArgumentHelp("Votes that must agree with a label for it to be trusted.", valueName: "n"))
  var confirmedBy = 8

  @OptionGroup var folding: FoldOptions

  @OptionGroup(title: "Training") var options: RecipeOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !rateValues.isEmpty, rateValues.allSatisfy({ (0.001...0.9).contains($0) }) else {
      throw ValidationError("--rates are numbers between 0.001 and 0.9, parted by commas, not '\(rates)'.")
    }
    for name in kinds where !LabelNoise.names.contains(name) {
      throw ValidationError(
        "There is no kind of noise '\(name)'; choose from \(LabelNoise.names.joined(separator: ", ")).")
    }
  }

  private var rateValues: [Double] { rates.split(separator: ",").map { Double($0) ?? -1 } }
  private var kinds: [String] { kind.split(separator: ",").map(String.init) }

  func run() throws {
    var recipe = try options.recipe(overriding: \.audit.train)
    folding.apply(to: &recipe.audit)
    try recipe.validate()
    let store = try dataset.open()
    let trusted = try trusted(store, classes: store.classes())
    let (training, taught) = try recipe.audit.schooling(RelabelledSource(store, labels: trusted), votes: [:])
    recipe.audit = recipe.audit.lengthened(training: training, taughtByVotes: taught, telling: common.console)
    let laboratory = NoiseLaboratory(recipe: recipe.audit, seed: recipe.seed)
    var report = NoiseReport(trusted: trusted.count, results: [])
    for kind in kinds {
      let noise = try noise(kind, store, trusted: trusted, laboratory: laboratory)
      for rate in rateValues {
        let work = StudyFolder(dataset.dataset).part("noise/\(kind)-\(rate)")
        let progress = AuditProgress(console: common.console)
        common.console.status("\(kind) noise in \(Numbers.percent(rate)) of \(Numbers.count(trusted.count, "label"))")
        let outcomes = try laboratory.run(
          store, trusted: trusted, noise: noise, rate: rate, work: work,
          observe: progress.observe)
        progress.finish()
        report.results.append(NoiseReport.Result(kind: kind, rate: rate, auditors: outcomes))
      }
    }
    try common.print(report, text: report.text)
    StudyFolder(dataset.dataset).remove("noise")
  }

  private func noise(
    _ kind: String, _ store: DatasetStore, trusted: [Int64: String], laboratory: NoiseLaboratory
  ) throws -> LabelNoise {
    switch kind {
    case "confusion": return try confusion(store.classes())
    case "instance":
      let work = StudyFolder(dataset.dataset).part("noise/instance")
      let progress = AuditProgress(console: common.console)
      common.console.status("networks learn the trusted labels, to tell which faces are easily confused")
      defer { progress.finish() }
      return try laboratory.instanceNoise(store, trusted: trusted, work: work, observe: progress.observe)
    default: return .uniform
    }
  }

  private func confusion(_ classes: [String]) throws -> LabelNoise {
    let positions = classes.map { LabelNoise.taggerClasses.firstIndex(of: $0) }
    guard positions.allSatisfy({ $0 != nil }) else {
      throw CLIError.unusableTruth(
        dataset.dataset, reason: "confusion noise is known for \(LabelNoise.taggerClasses.joined(separator: ", "))")
    }
    let order = positions.compactMap(\.self)
    return .confusion(order.map { row in order.map { LabelNoise.taggers[row][$0] } })
  }

  private func trusted(_ store: DatasetStore, classes: [String]) throws -> [Int64: String] {
    let samples = try store.samples()
    if let truth {
      return try Truths.file(truth, samples: samples, classes: classes).mapValues { classes[$0] }
    }
    let labels = Dictionary(uniqueKeysWithValues: samples.compactMap { sample in sample.label.map { (sample.id, $0) } })
    let votes = try store.votes()
    guard !votes.isEmpty else { return labels }
    return labels.filter { votes[$0.key]?[$0.value] ?? 0 >= confirmedBy }
  }
}

/// What the laboratory counted.
struct NoiseReport: Encodable {
  /// Labels that were trusted.
  var trusted: Int
  var results: [Result]

  /// One kind at one rate.
  struct Result: Encodable {
    var kind: String
    var rate: Double
    var auditors: [NoiseLaboratory.Outcome]
  }

  var text: String {
    results.map { result in
      var table = TextTable(
        header: [
          "auditor", "flagged", "precision", "recall", "F1", "mended", "relabels right", "ranking within classes",
        ])
      table.rows = result.auditors.map { row in
        [
          row.auditor, Numbers.count(row.flagged), Numbers.percent(row.precision), Numbers.percent(row.recall),
          Numbers.decimal(row.f1, places: 3), Numbers.percent(row.relabelAccuracy),
          Numbers.percent(row.relabelPrecision), Numbers.decimal(row.area, places: 3),
        ]
      }
      let flipped = result.auditors.first?.flipped ?? 0
      return "\(result.kind) noise in \(Numbers.percent(result.rate)): \(Numbers.count(flipped)) labels are wrong\n\n"
        + table.text
    }.joined(separator: "\n\n")
  }
}
