import ArgumentParser
import Curation

/// `fercure suggestions`: what audits propose.
struct SuggestionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggestions", abstract: "Lists what audits propose, by falling confidence.",
    discussion: "With a column 'action' added, the csv is what 'fercure resolve --from' reads.")

  @OptionGroup var dataset: DatasetArgument

  @Option(help: "Only suggestions in this state.")
  var state: Suggestion.State?

  @Option(help: ArgumentHelp("Only suggestions with at least this confidence, 0 ... 1.", valueName: "c"))
  var minConfidence: Double?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The audit whose suggestions to list; the last one unless given.", valueName: "run"))
  var audit: Int64?

  @Option(help: ArgumentHelp("List so many at most.", valueName: "n"))
  var limit: Int?

  @Option(help: "How to print them: table, csv or json.")
  var format: ListFormat = .table

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let minConfidence, !(0...1).contains(minConfidence) {
      throw ValidationError("--min-confidence is a number from 0 to 1, not \(minConfidence).")
    }
    if let limit, limit < 0 { throw ValidationError("--limit is not negative.") }
  }

  func run() throws {
    let store = try dataset.open()
    var listing = try SuggestionListing(store, state: state, minConfidence: minConfidence, run: audit)
    if let limit { listing.entries = Array(listing.entries.prefix(limit)) }
    switch common.json ? .json : format {
    case .json: try common.console.json(listing)
    case .csv: common.console.raw(listing.csv)
    case .table where listing.entries.isEmpty:
      let hasSome = try !store.suggestions().isEmpty
      common.console.note(
        hasSome ? "no suggestion is like that" : "no suggestions; 'fercure audit \(dataset.dataset)' makes them")
    case .table: common.console.result(listing.table)
    }
  }
}
