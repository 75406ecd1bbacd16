import ArgumentParser
import Curation

/// `fercure scores`: how an audit judges every sample.
struct ScoresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scores", abstract: "Lists every audited sample with the probability that its label is right.")

  @OptionGroup var dataset: DatasetArgument

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The audit whose scores to list; the last one unless given.", valueName: "run"))
  var audit: Int64?

  @Option(help: "How to print them: table, csv or json.")
  var format: ListFormat = .table

  @OptionGroup var common: CommonOptions

  func run() throws {
    let listing = try ScoreListing(try dataset.open(), run: audit)
    switch common.json ? .json : format {
    case .json: try common.console.json(listing)
    case .csv: common.console.raw(listing.csv)
    case .table where listing.entries.isEmpty:
      common.console.note("no scores; 'fercure audit \(dataset.dataset)' makes them")
    case .table: common.console.result(listing.table)
    }
  }
}
