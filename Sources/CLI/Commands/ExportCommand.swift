import ArgumentParser
import Curation

/// `fercure export`: a dataset as other tools read it.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes a dataset as other tools read it.",
    discussion: "Excluded samples are left out, derived ones are rendered. The same dataset gives the same bytes.")

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The folder to write into.", valueName: "dir"))
  var to: String

  @Option(
    help: ArgumentHelp(
      "One or more formats, separated by commas: \(Export.all.map { $0.name }.joined(separator: ", ")).",
      valueName: "names"))
  var format: String

  @Flag(help: "Write into a folder that is not empty, in place of an earlier export; what else is there stays.")
  var overwrite = false

  @Flag(help: "Exit with 2 when something could not be written.")
  var strict = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let store = try dataset.open()
    let formats = format.split(separator: ",").map(String.init)
    let reports = try withProgress("Exporting", console: common.console) { progress in
      try Export.run(formats: formats, of: store, to: to, overwrite: overwrite, progress: progress)
    }
    var table = TextTable(header: ["format", "written", "rejected"])
    table.rows = reports.map { [$0.format, Numbers.count($0.written), Numbers.count($0.rejected.count)] }
    try common.print(reports, text: "\(to)\n\n\(table.text)")
    for report in reports {
      if !common.json { common.console.list(report.rejected) }
      for note in report.notes { common.console.note("\(report.format): \(note)") }
    }
    if strict && reports.contains(where: { !$0.rejected.isEmpty }) { throw Outcome.rejectedInputs }
  }
}
