import ArgumentParser
import Curation

/// `fercure check`: what is wrong with the pictures and labels, without training.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Finds duplicates, leaks across splits, blank, dark, blurry and odd pictures.",
    discussion: "Nothing is changed: the findings are stored, and 'fercure resolve --rule' acts on them.")

  @OptionGroup var dataset: DatasetArgument

  @Option(
    help: ArgumentHelp(
      "Run these checks, separated by commas: \(Checks.all.map { $0.name }.joined(separator: ", ")).",
      valueName: "names"))
  var only: String?

  @Option(help: ArgumentHelp("Also write every pair of almost equal pictures.", valueName: "csv"))
  var pairs: String?

  @Option(help: ArgumentHelp("Also write the scores of every sample, flagged or not.", valueName: "csv"))
  var scores: String?

  @Option(help: ArgumentHelp("Also write a contact sheet of the worst of every check.", valueName: "folder"))
  var sheets: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let names = only.map { $0.split(separator: ",").map(String.init) } ?? Checks.standardNames
    let store = try dataset.open()
    let pairsFile = try pairs.map { try ResultFile($0, besides: [scores].compactMap(\.self)) }
    let scoresFile = try scores.map { try ResultFile($0) }
    if let sheets { try ResultFile.makeFolder(sheets) }
    let outcome = try withProgress("Checking", console: common.console) { progress in
      try Checks.examine(names, on: store, progress: progress)
    }
    let findings = outcome.findings
    let run = try store.beginRun(kind: "check", recipe: ["checks": names])
    try store.add(findings: findings, checks: names, run: run.id)
    try store.finish(run, outcome: Numbers.count(findings.count, "finding"))
    let samples = try store.samples()
    let files = CheckFiles(outcome, samples: samples)
    if let pairsFile { try files.writePairs(to: pairsFile) }
    if let scoresFile { try files.writeScores(to: scoresFile) }
    if let sheets { try files.writeSheets(to: sheets, from: store) }
    let report = CheckReport(findings, names: names, samples: samples, run: run.id)
    try common.print(report, text: report.text)
  }
}

/// What checks found, as JSON and as text.
struct CheckReport: Encodable {
  var run: Int64
  var checks: [CheckSummary]
  var findings: [Entry]

  /// A finding with the key of its sample.
  struct Entry: Encodable {
    var check: String
    var key: String
    var score: Double
    var group: String?
    var detail: String
  }

  init(_ findings: [Finding], names: [String], samples: [Sample], run: Int64) {
    self.run = run
    checks = Checks.summaries(of: findings, names: names)
    let keys = Dictionary(uniqueKeysWithValues: samples.map { ($0.id, $0.key) })
    self.findings = findings.map { finding in
      Entry(
        check: finding.check, key: keys[finding.sample] ?? "", score: finding.score, group: finding.group,
        detail: finding.detail)
    }
  }

  /// A line for each check.
  var text: String {
    let summaries = Dictionary(uniqueKeysWithValues: Checks.all.map { ($0.name, $0.summary) })
    var table = TextTable(header: ["check", "samples", "groups", "worst", "finds"])
    table.rows = checks.map { check in
      [
        check.check, Numbers.count(check.samples), check.groups == 0 ? "–" : Numbers.count(check.groups),
        check.worst.map { Numbers.decimal($0, places: 2) } ?? "–", summaries[check.check] ?? "",
      ]
    }
    return table.text
  }
}
