import ArgumentParser
import Curation
import Foundation

/// `fercure votes`: what several people said becomes labels.
struct VotesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "votes", abstract: "Turns votes into labels by a rule, or writes them as soft labels.",
    discussion: """
      Labels change as events, which 'fercure resolve --undo' takes back. Samples without known votes stay as they are. \
      Rules: \(VoteRule.allCases.map { "\($0.rawValue) (\($0.summary))" }.joined(separator: "; ")).
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: "majority, plurality or ferplus.")
  var rule: VoteRule = .majority

  @Option(
    help: ArgumentHelp("Write the shares of the votes to a csv, a row a sample, and change nothing.", valueName: "csv"))
  var soft: String?

  @Flag(help: "Exclude samples whose votes no class wins.")
  var excludeUndecided = false

  @Option(help: "Only samples of this split; may be repeated.")
  var split: [Split] = []

  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let store = try dataset.open()
    let votes = try store.votes()
    if votes.isEmpty { throw SetsError.noVotes }
    let classes = try store.classes()
    let splits = split.isEmpty ? Set(Split.allCases) : Set(split)
    let samples = try store.samples().filter { splits.contains($0.split) }
    if let soft { try ResultFile(soft).write(Self.csv(samples, votes, classes)) }
    let changes =
      soft == nil
      ? rule.changes(of: samples, votes: votes, classes: classes, excludesUndecided: excludeUndecided) : []
    var run: Run?
    if !dryRun, !changes.isEmpty {
      let begun = try store.beginRun(kind: "votes", recipe: ["rule": rule.rawValue])
      let events = try store.apply(changes, actor: "rule votes-\(rule.rawValue)", run: begun.id)
      run = try store.finish(begun, outcome: "\(events) events")
    }
    let report = Report(
      samples, votes: votes, changes: changes, run: run?.id, soft: soft, isDryRun: dryRun, rule: rule.rawValue)
    try common.print(report, text: report.text)
  }

  /// The shares of the votes, classes first, then the names that are no class.
  private static func csv(_ samples: [Sample], _ votes: [Int64: Votes], _ classes: [String]) -> String {
    let others = Set(votes.values.flatMap(\.keys)).subtracting(classes).sorted()
    let names = classes + others
    let rows = samples.compactMap { sample -> [String]? in
      guard let cast = votes[sample.id] else { return nil }
      let total = cast.values.reduce(0, +)
      return [sample.key, sample.split.rawValue, sample.label ?? "", "\(total)"]
        + names.map { "\(Double(cast[$0] ?? 0) / Double(max(1, total)))" }
    }
    return CSVText.table(header: ["key", "split", "label", "votes"] + names, rows: rows)
  }

  /// What the votes changed.
  struct Report: Encodable {
    var run: Int64?
    var rule: String
    var withVotes: Int
    var relabelled: Int
    var excluded: Int
    var soft: String?
    var dryRun: Bool
    var transitions: [ResolvePlan.Transition]

    init(
      _ samples: [Sample], votes: [Int64: Votes], changes: [LabelChange], run: Int64?, soft: String?, isDryRun: Bool,
      rule: String
    ) {
      self.run = run
      self.rule = rule
      self.soft = soft
      dryRun = isDryRun
      withVotes = samples.count { votes[$0.id] != nil }
      let relabels = changes.filter { $0.field == .label }
      relabelled = relabels.count
      excluded = changes.count - relabels.count
      let labels = Dictionary(uniqueKeysWithValues: samples.map { ($0.id, $0.label) })
      transitions = Dictionary(grouping: relabels) { [labels[$0.sample] ?? nil, $0.to] }
        .map { ResolvePlan.Transition(from: $0.key[0], to: $0.key[1], count: $0.value.count) }
        .sorted { ($1.count, $0.from ?? "", $0.to ?? "") < ($0.count, $1.from ?? "", $1.to ?? "") }
    }

    var text: String {
      if let soft { return "\(soft): the votes of \(Numbers.count(withVotes, "sample"))" }
      let title =
        (run.map { "run \($0): " } ?? (dryRun ? "would be: " : ""))
        + "of \(Numbers.count(withVotes, "sample")) with votes, \(Numbers.count(relabelled)) relabelled, "
        + "\(Numbers.count(excluded)) excluded"
      guard !transitions.isEmpty else { return title }
      var table = TextTable(header: ["from", "to", "samples"])
      table.rows = transitions.map { [$0.from ?? "(none)", $0.to ?? "(none)", Numbers.count($0.count)] }
      return title + "\n\n" + table.text
    }
  }
}
