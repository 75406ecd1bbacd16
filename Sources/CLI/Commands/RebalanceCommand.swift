import ArgumentParser
import Curation
import Imaging

/// `fercure rebalance`: classes of the training split are brought to comparable sizes.
struct RebalanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebalance",
    abstract: "Brings the classes of the training split to the sizes that a strategy asks for.",
    discussion: """
      Oversampling adds augmented copies, no two alike; undersampling leaves samples out. A picture that occurs several \
      times in a class counts once. Validation and test are never touched, nor is the dataset that is read.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The dataset to write.", valueName: "dataset"))
  var into: String?

  @Option(help: "Whether classes grow or shrink.")
  var method: Rebalancer.Method = .oversample

  @Option(
    help: ArgumentHelp(
      """
      How many samples each class gets: \(SamplingStrategy.grammar). Unless given: not-majority to oversample, \
      not-minority to undersample.
      """, valueName: "strategy"))
  var samplingStrategy: String?

  @Flag(help: "Count every copy of a picture, and leave none out.")
  var countDuplicates = false

  @Flag(help: "Take the place of a dataset that is there already.")
  var overwrite = false

  @Flag(help: "Show what would be done, and write nothing.")
  var dryRun = false

  @OptionGroup(title: "How copies are varied") var augmentation: AugmentationOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if into == nil && !dryRun { throw ValidationError("Name the dataset to write with --into, or use --dry-run.") }
  }

  func run() throws {
    let source = try dataset.open()
    let rebalancer = Rebalancer(
      method: method, strategy: try strategy, countsPicturesOnce: !countDuplicates, seed: seed.seed)
    let rebalancing = try rebalancer.rebalance(
      source.samples(), classes: source.classes(), augmentation: augmentation.augmentation)
    if let into, !dryRun {
      let recipe = Recipe(rebalancer: rebalancer, augmentation: augmentation.augmentation)
      let target = DerivedDataset(path: into, overwrite: overwrite, kind: "rebalance", console: common.console)
      _ = try target.write(
        from: source, recipe: recipe, seed: seed.seed, dropped: rebalancing.dropped,
        derivations: rebalancing.derivations)
    }
    let report = Report(plan: rebalancing.plan, into: dryRun ? nil : into)
    try common.print(report, text: report.text)
  }

  /// The strategy that was asked for, or the one under which the method changes every class that it can.
  private var strategy: SamplingStrategy {
    get throws {
      if let samplingStrategy { return try SamplingStrategy(parsing: samplingStrategy) }
      return method == .oversample ? .notMajority : .notMinority
    }
  }

  private struct Recipe: Encodable {
    var rebalancer: Rebalancer
    var augmentation: Compose
  }

  /// The counts of every class, before and after.
  struct Report: Encodable {
    var plan: BalancePlan
    var into: String?

    var text: String {
      var table = TextTable(header: ["class", "before", "pictures", "left out", "added", "after", "copies a picture"])
      table.rows = plan.classes.map { row in
        [row.label]
          + [row.before, row.unique, row.dropped, row.copies, row.after].map(Numbers.count(_:))
          + ["\(row.copiesPerPicture)"]
      }
      let totals = [\BalancePlan.ClassRow.before, \.unique, \.dropped, \.copies, \.after].map { path in
        Numbers.count(plan.classes.reduce(0) { $0 + $1[keyPath: path] })
      }
      table.footer = [["total"] + totals]
      let ratios =
        "largest class over smallest: \(Numbers.decimal(plan.ratioBefore, places: 1)) before, "
        + "\(Numbers.decimal(plan.ratioAfter, places: 1)) after"
      return "\(into ?? "would be (nothing was written)")\n\n\(table.text)\n\n\(ratios)"
    }
  }
}
