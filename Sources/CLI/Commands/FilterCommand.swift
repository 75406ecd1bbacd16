import ArgumentParser
import Curation

/// `fercure filter`: a dataset of the samples that match a condition.
struct FilterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter", abstract: "Keeps the samples that match a condition, and excludes the others.",
    discussion: """
      A condition is an SQL expression that reads and never writes: "label = 'disgust' and width >= 48", \
      "quality < 0.2 and split = 'train'", "findings like '%blurry%'". Its columns are \
      \(SampleFilter.columns.joined(separator: ", ")). Without --into it only lists what matches.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("Which samples stay.", valueName: "condition"))
  var `where`: String

  @Option(help: ArgumentHelp("The dataset to write; without it the matches are listed.", valueName: "dataset"))
  var into: String?

  @Flag(help: "Take the place of a dataset that is there already.")
  var overwrite = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if overwrite && into == nil { throw ValidationError("--overwrite goes with --into.") }
  }

  func run() throws {
    let store = try dataset.open()
    let matches = Set(try SampleFilter(`where`).matches(in: store))
    let samples = try store.samples()
    var report = Report(matches: matches.count, excluded: samples.count - matches.count, into: into, keys: nil)
    if let into {
      // Those that stay are named too, which leaves no event: a copy would otherwise follow a parent that goes.
      let changes = samples.map { sample in
        LabelChange(
          sample: sample.id, field: .excluded, to: matches.contains(sample.id) ? "false" : "true",
          reason: "filter: not \(`where`)")
      }
      try store.copy(to: into, replacing: overwrite) { target in
        let run = try target.beginRun(kind: "filter", recipe: ["where": `where`])
        try target.apply(changes, actor: "rule filter", run: run.id)
        try target.finish(run, outcome: "\(report.matches) kept, \(report.excluded) excluded")
      }
    } else {
      report.keys = samples.filter { matches.contains($0.id) }.map(\.key)
    }
    try common.print(report, text: report.text)
  }

  /// What matched.
  struct Report: Encodable {
    var matches: Int
    var excluded: Int
    var into: String?
    var keys: [String]?

    var text: String {
      if let keys { return keys.joined(separator: "\n") }
      return "\(into ?? ""): \(Numbers.count(matches, "sample")) kept, \(Numbers.count(excluded)) excluded"
    }
  }
}
