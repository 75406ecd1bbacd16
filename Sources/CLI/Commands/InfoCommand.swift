import ArgumentParser
import Curation

/// `fercure info`: what a dataset holds.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Shows samples per split and class, sizes, imbalance, label events and runs.")

  @OptionGroup var dataset: DatasetArgument
  @OptionGroup var common: CommonOptions

  func run() throws {
    let info = try dataset.open().info()
    try common.print(info, text: InfoText(info, name: dataset.name).text)
  }
}
