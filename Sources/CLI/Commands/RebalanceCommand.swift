import ArgumentParser
import Curation
import Foundation
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

  @Option(
    help: ArgumentHelp(
      "The most copies of one picture and of those that 'fercure check' found almost equal to it.", valueName: "n"))
  var maxCopies: Int?

  @Flag(help: "Copy all pictures of a class alike, however well their labels are supported.")
  var ignoreSupport = false

  @Option(
    help: ArgumentHelp("Also write which row of the dataset every row of the result comes from.", valueName: "csv"))
  var sourceIndex: String?

  @Option(help: "Also show weights for the loss, the alternative to copies: inverse or effective-number.")
  var classWeights: Weighting?

  @Flag(help: "Take the place of a dataset that is there already.")
  var overwrite = false

  @Flag(help: "Show what would be done, and write nothing.")
  var dryRun = false

  @OptionGroup(title: "How copies are varied") var augmentation: AugmentationOptions
  @OptionGroup(title: "Order") var order: OrderOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var common: CommonOptions

  /// How classes are weighted in the loss.
  enum Weighting: String, CaseIterable, ExpressibleByArgument {
    case inverse
    case effectiveNumber = "effective-number"
  }

  func validate() throws {
    if into == nil && !dryRun { throw ValidationError("Name the dataset to write with --into, or use --dry-run.") }
    if let maxCopies, maxCopies < 1 { throw ValidationError("--max-copies is 1 or more.") }
  }

  func run() throws {
    let source = try dataset.open()
    let index = try sourceIndex.map { try ResultFile($0, besides: [into].compactMap(\.self)) }
    let augmentation = try augmentation.augmentation
    let (samples, classes) = (try source.samples(), try source.classes())
    let allowed = dryRun ? [] : try order.check(source, isRebalancing: true, console: common.console)
    let rebalancer = Rebalancer(
      method: method, strategy: try strategy, countsPicturesOnce: !countDuplicates, copiesPerPicture: maxCopies,
      seed: seed.seed)
    let support = ignoreSupport ? nil : try LabelSupport(of: source)
    let rebalancing = try rebalancer.rebalance(
      samples, classes: classes, augmentation: augmentation, support: support, alike: AlikePictures(of: source),
      present: source.derivations())
    if let into, !dryRun {
      let recipe = Recipe(
        rebalancer: rebalancer, augmentation: augmentation, usesSupport: !ignoreSupport, allowed: allowed)
      let target = DerivedDataset(path: into, overwrite: overwrite, kind: "rebalance", console: common.console)
      _ = try target.write(
        from: source, recipe: recipe, seed: seed.seed, dropped: rebalancing.dropped,
        derivations: rebalancing.derivations, redraw: rebalancing.redraw)
    }
    try index?.write(rebalancing.sourceIndex(samples))
    let report = Report(
      plan: rebalancing.plan, into: dryRun ? nil : into, warnings: rebalancing.plan.warnings,
      weights: classWeights.map { weighting in
        let counts = rebalancing.plan.classes.map(\.before)
        let weights = weighting == .inverse ? ClassWeights.inverse(counts) : ClassWeights.effectiveNumber(counts)
        return Dictionary(uniqueKeysWithValues: zip(rebalancing.plan.classes.map(\.label), weights))
      })
    try common.print(report, text: report.text)
    if !common.json { for warning in report.warnings { common.console.warning(warning) } }
    if dryRun && !common.json {
      for violation in try OrderGuard.violations(in: source, isRebalancing: true) {
        common.console.note("would be refused: \(violation)")
      }
    }
  }

  /// The strategy that was asked for, or the one under which the method changes every class that it can.
  private var strategy: SamplingStrategy {
    get throws {
      if let samplingStrategy { return try SamplingStrategy(parsing: samplingStrategy) }
      return switch method {
      case .oversample: .notMajority
      case .undersample: .notMinority
      case .both: .all
      }
    }
  }

  private struct Recipe: Encodable {
    var rebalancer: Rebalancer
    var augmentation: Compose
    var usesSupport: Bool
    var allowed: [String]
  }

  /// The counts of every class, before and after.
  struct Report: Encodable {
    var plan: BalancePlan
    var into: String?
    var warnings: [String]
    var weights: [String: Double]?

    var text: String {
      var table = TextTable(
        header: ["class", "before", "pictures", "supported", "left out", "added", "after", "copies a picture"]
          + (weights == nil ? [] : ["weight"]))
      table.rows = plan.classes.map { row in
        [row.label, Numbers.count(row.before), Numbers.count(row.unique), row.supported.map(Numbers.count(_:)) ?? "–"]
          + [row.dropped, row.copies, row.after].map(Numbers.count(_:)) + ["\(row.copiesPerPicture)"]
          + (weights.map { [Numbers.decimal($0[row.label] ?? 0, places: 3)] } ?? [])
      }
      func total(_ path: KeyPath<BalancePlan.ClassRow, Int>) -> String {
        Numbers.count(plan.classes.reduce(0) { $0 + $1[keyPath: path] })
      }
      table.footer = [
        ["total", total(\.before), total(\.unique), "", total(\.dropped), total(\.copies), total(\.after)]
      ]
      let ratios =
        "largest class over smallest: \(Numbers.decimal(plan.ratioBefore, places: 1)) before, "
        + "\(Numbers.decimal(plan.ratioAfter, places: 1)) after"
      return "\(into ?? "would be (nothing was written)")\n\n\(table.text)\n\n\(ratios)"
    }
  }
}
