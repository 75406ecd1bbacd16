import ArgumentParser
import Curation
import Foundation

/// `fercure merge`: several datasets become one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Joins datasets into a new one, with their labels mapped to its classes.",
    discussion: """
      The first dataset gives classes and history. Labels of the others go to the class of that name or of a synonym of it \
      (anger to angry); what has no such class needs --map: contempt=- leaves its samples out, contempt=contempt adds the \
      class. Equal pictures become one group.
      """)

  @Argument(help: "The datasets.", completion: .file(extensions: ["fercure"]))
  var datasets: [String]

  @Option(help: ArgumentHelp("The dataset to write.", valueName: "dataset"))
  var into: String

  @Option(
    help: ArgumentHelp("What labels of the later datasets are called: anger=angry,contempt=-.", valueName: "list"))
  var map: String?

  @Flag(help: "Take the place of a dataset that is there already.")
  var overwrite = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if datasets.count < 2 { throw ValidationError("Name two or more datasets to merge.") }
  }

  func run() throws {
    let mapping = try map.map(LabelMapping.init(parsing:)) ?? LabelMapping()
    let others = try datasets.dropFirst().map { try DatasetStore.open(at: $0) }
    try mapping.requireKnown(others.flatMap { try $0.classes() })
    let first = try DatasetStore.open(at: datasets[0])
    let report = try first.copy(to: into, replacing: overwrite, reading: others) { target in
      var reports: [DatasetMerge.Report] = []
      for (other, path) in zip(others, datasets.dropFirst()) {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        reports.append(
          try withProgress("Merging \(name)", console: common.console) { progress in
            try DatasetMerge(mapping: mapping, name: name).add(other, to: target, progress: progress)
          })
      }
      return Report(into: into, samples: try target.info().samples, merged: reports)
    }
    try common.print(report, text: report.text(names: Array(datasets.dropFirst())))
  }

  /// What was added.
  struct Report: Encodable {
    var into: String
    var samples: Int
    var merged: [DatasetMerge.Report]

    func text(names: [String]) -> String {
      var table = TextTable(header: ["dataset", "added", "left out", "there already"])
      table.rows = zip(names, merged).map { name, report in
        [name] + [report.added, report.leftOut, report.unchanged].map(Numbers.count(_:))
      }
      return "\(into): \(Numbers.count(samples, "sample"))\n\n\(table.text)"
    }
  }
}
