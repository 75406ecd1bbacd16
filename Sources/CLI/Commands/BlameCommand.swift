import ArgumentParser
import Curation

/// `fercure blame`: all that happened to one sample.
struct BlameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blame", abstract: "Shows who changed a sample's label, what was suggested and said, and when.")

  @OptionGroup var dataset: DatasetArgument

  @Argument(help: "The key of the sample.")
  var key: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    let store = try dataset.open()
    let history = try SampleHistory(store, sample: store.sample(key: key))
    var table = TextTable(header: ["time", "by", "what", "why"])
    table.rows = history.lines.map { [$0.time, $0.actor, $0.what, $0.reason] }
    try common.print(history.lines, text: table.text)
  }
}
