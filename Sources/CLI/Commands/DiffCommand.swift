import ArgumentParser
import Curation

/// `fercure diff`: what two datasets do not have in common.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Shows the samples, labels, splits and lineage in which two datasets differ.",
    discussion: "Samples are matched by key. With --gate, it exits with 1 when a larger share of the samples differs.")

  @Argument(help: "The dataset before.", completion: .file(extensions: ["fercure"]))
  var before: String

  @Argument(help: "The dataset after.", completion: .file(extensions: ["fercure"]))
  var after: String

  @Option(help: "How to print it: text or markdown.")
  var format: Format = .text

  @Option(help: ArgumentHelp("The largest share of differing samples that passes, 0 ... 1.", valueName: "share"))
  var gate: Double?

  @OptionGroup var common: CommonOptions

  /// How a comparison is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, markdown
  }

  func validate() throws {
    if let gate, !(0...1).contains(gate) { throw ValidationError("--gate is a number from 0 to 1, not \(gate).") }
  }

  func run() throws {
    let diff = try DatasetDiff(before: DatasetStore.open(at: before), after: DatasetStore.open(at: after))
    try common.print(diff, text: DiffText(diff, before: before, after: after).text(asMarkdown: format == .markdown))
    if let gate, diff.changedShare > gate { throw CLIError.gateClosed(changed: diff.changedShare, gate: gate) }
  }
}
