import ArgumentParser
import Curation
import Foundation
import Reports
import Training

/// `fercure report`: a dataset on one page.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Writes what a dataset holds, what is doubted and what was changed as one file.",
    discussion: """
      The page needs nothing but a browser: pictures, charts and styles are inside. With --format markdown it is a \
      dataset card with the front matter that Hugging Face reads.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The file to write; '-' is stdout.", valueName: "file"))
  var to: String

  @Option(help: "How to write it: html or markdown.")
  var format: Format?

  @Option(help: ArgumentHelp("The heading; the name of the file unless given.", valueName: "text"))
  var title: String?

  @Option(help: ArgumentHelp("The licence of pictures and labels.", valueName: "name"))
  var license: String?

  @Option(
    help: ArgumentHelp(
      "Also show how a model learned, does on the test split and where it looks; may be repeated.", valueName: "model"))
  var model: [String] = []

  @Option(help: ArgumentHelp("A csv with the columns key and true that judges the suggestions.", valueName: "file"))
  var truth: String?

  @Flag(help: "Write no time of making, so that equal datasets give equal files.")
  var undated = false

  @OptionGroup var common: CommonOptions

  /// How a report is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case html, markdown
  }

  func run() throws {
    let store = try dataset.open()
    let file = to == "-" ? nil : try ResultFile(to, besides: model + [self.truth].compactMap(\.self))
    let truth = try SuggestionTruth(truth: truth, store: store, scores: store.scores())
    let report = try DatasetReport(store, truth: truth?.forReport)
    var content = try report.content(
      title: title ?? URL(fileURLWithPath: dataset.dataset).deletingPathExtension().lastPathComponent,
      license: license, generatedAt: undated ? nil : Date().formatted(.iso8601))
    let models = try models(of: try store.classes())
    content.training = models.compactMap { ReportContent.TrainingRun($0.name, .other, $0.model.card) }
    content.evaluations = try evaluations(store, of: models)
    if chosenFormat == .html {
      content.explanations = try models.compactMap {
        try ReportContent.Explanation($0.model, name: $0.name, of: store, console: common.console)
      }
    }
    content.commands = [
      ShellText.fercure(["report", dataset.name, "--to", URL(fileURLWithPath: to).lastPathComponent])
    ]
    let text =
      switch chosenFormat {
      case .html: try HTMLReport.render(content)
      case .markdown: DatasetCard.render(content)
      }
    guard let file else { return common.console.raw(text) }
    try file.write(text)
    let written = Written(path: to, format: chosenFormat.rawValue, bytes: text.utf8.count)
    try common.print(written, text: "\(to)  \(Numbers.count(written.bytes, "byte"))")
  }

  private struct Written: Encodable {
    var path: String
    var format: String
    var bytes: Int
  }

  private var chosenFormat: Format {
    format ?? (to.hasSuffix(".md") || to.hasSuffix(".markdown") ? .markdown : .html)
  }

  private func models(of classes: [String]) throws -> [(name: String, model: TrainedModel)] {
    try model.map { path in
      let url = URL(fileURLWithPath: path)
      let trained = try TrainedModel(contentsOf: url)
      guard trained.card.classes == classes else {
        throw TrainingError.otherClasses(model: trained.card.classes, dataset: classes)
      }
      return (name: url.deletingPathExtension().lastPathComponent, model: trained)
    }
  }

  private func evaluations(
    _ store: DatasetStore, of models: [(name: String, model: TrainedModel)]
  ) throws -> [ReportContent.Comparison] {
    guard !models.isEmpty else { return [] }
    let evaluations = try CurateEvaluation.all(raw: store, models: models, truth: truth, console: common.console)
    return ReportContent.Comparison.all(of: evaluations, classes: try store.classes())
  }
}
