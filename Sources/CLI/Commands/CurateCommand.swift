import ArgumentParser
import Auditing
import Curation
import Foundation
import Reports
import Training

/// `fercure curate`: the main job, end to end.
struct CurateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curate",
    abstract: "Ingests, checks, audits, resolves, rebalances, augments, exports, trains on raw and curated, reports.",
    discussion: """
      DIR gets raw.fercure (with every suggestion), curated.fercure, the exports, model.safetensors, report.html, \
      run.yaml and summary.json. A stopped run goes on when the same command is given again. Validation and test are never changed.
      """)

  @Argument(help: ArgumentHelp("Files and folders to read.", valueName: "source"), completion: .file())
  var sources: [String]

  @Option(help: ArgumentHelp("The folder to write.", valueName: "dir"))
  var into: String

  @Option(help: ArgumentHelp("A file of FER+ votes for the rows of the csv; may be repeated.", valueName: "file"))
  var votes: [String] = []

  @Option(
    help: ArgumentHelp(
      "A csv with the columns key and true, to measure suggestions and networks against; never trained on.",
      valueName: "file"))
  var truth: String?

  @Flag(help: "Exit with 2 when something could not be taken.")
  var strict = false

  @OptionGroup(title: "Training on raw and curated") var options: RecipeOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let recipe = try options.recipe(overriding: \.train)
    // A misspelt path is found before the work begins.
    for path in sources + votes { _ = try IngestSource(path) }
    _ = try truth.map { try Truths.table($0) }
    let folder = CurateFolder(path: into)
    let run = CurateRun(
      sources: sources, votes: votes, truth: truth, recipe: recipe, folder: folder, console: common.console)
    try run.validateNames()
    try folder.claim(sources: sources, votes: votes, truth: truth, recipe: recipe)
    for file in folder.changedSince(sources + votes + [truth].compactMap(\.self)) {
      common.console.warning(
        "\(file) was changed after the run in \(into) began, which goes on with what it has read: name another folder to begin anew"
      )
    }
    if let finished = CurateSummary(finished: folder) {
      common.console.note("\(into) holds this run, finished; remove the folder to do it again")
      try common.print(finished, text: finished.text)
      if strict && finished.raw.rejections > 0 { throw Outcome.rejectedInputs }
      return
    }
    let outcome = try run.run()
    let known = try SuggestionTruth(truth: truth, store: outcome.raw, scores: outcome.audit.scores)
    let summary = try CurateSummary(outcome, truth: known, report: folder.report)
    let content = try CurateReport(run: run, outcome: outcome, truth: known).content()
    try HTMLReport.render(content).write(toFile: folder.report, atomically: true, encoding: .utf8)
    try JSONText.of(summary).write(toFile: folder.summary, atomically: true, encoding: .utf8)
    // Only now is nothing left to go on from: a run that is stopped while it writes its report keeps its networks.
    try? FileManager.default.removeItem(at: folder.work(""))
    try common.print(summary, text: summary.text)
    if strict && outcome.ingest.rejected > 0 { throw Outcome.rejectedInputs }
  }
}
