import ArgumentParser
import Curation
import Imaging

/// `fercure augment`: varied copies of every training sample.
struct AugmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment", abstract: "Adds varied copies of every training sample.",
    discussion: """
      A copy is stored as its parent and the list of operations with every drawn value; its pixels are rendered when it is \
      trained on or exported. Validation and test are never touched, nor is the dataset that is read.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The dataset to write.", valueName: "dataset"))
  var into: String

  @Option(help: "How many copies of each training sample.")
  var copies = 1

  @Flag(help: "Take the place of a dataset that is there already.")
  var overwrite = false

  @OptionGroup(title: "How copies are varied") var augmentation: AugmentationOptions
  @OptionGroup(title: "Order") var order: OrderOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let source = try dataset.open()
    let augmentation = try augmentation.augmentation
    let allowed = try order.check(source, isRebalancing: false, console: common.console)
    let augmenter = Augmenter(copies: copies, seed: seed.seed)
    let samples = try source.samples()
    let derivations = try augmenter.derivations(
      of: samples, augmentation: augmentation, present: source.derivations())
    let target = DerivedDataset(path: into, overwrite: overwrite, kind: "augment", console: common.console)
    let info = try target.write(
      from: source, recipe: Recipe(augmenter: augmenter, augmentation: augmentation, allowed: allowed), seed: seed.seed,
      derivations: derivations,
      redraw: augmenter.redraw(derivations, of: samples, augmentation: augmentation))
    let report = Report(into: into, added: derivations.count, samples: info.samples)
    try common.print(report, text: report.text)
  }

  private struct Recipe: Encodable {
    var augmenter: Augmenter
    var augmentation: Compose
    var allowed: [String]
  }

  /// What was added.
  struct Report: Encodable {
    var into: String
    var added: Int
    var samples: Int

    var text: String {
      "\(into): \(Numbers.count(added, "copy", "copies")) added, \(Numbers.count(samples, "sample")) in all"
    }
  }
}
