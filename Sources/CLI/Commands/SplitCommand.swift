import ArgumentParser
import Curation
import Foundation

/// `fercure split`: training samples go to validation, test or folds, in groups and stratified.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Moves training samples to validation and test, or deals them to folds, group by group.",
    discussion: """
      Samples of one group never part: equal pictures, almost equal ones (--near), the same person (--group-by), copies and \
      their parents. Samples that are in validation or test already stay there. Every class gets its share of every part.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The share of the training samples that goes to validation.", valueName: "share"))
  var validation = 0.0

  @Option(help: ArgumentHelp("The share that goes to test.", valueName: "share"))
  var test = 0.0

  @Option(help: ArgumentHelp("Deal the training samples to so many folds.", valueName: "k"))
  var folds: Int?

  @Option(help: ArgumentHelp("With --folds: the csv to write, with the columns key and fold.", valueName: "csv"))
  var to: String?

  @Option(help: ArgumentHelp("With --folds: move this fold, from 0, to validation.", valueName: "fold"))
  var fold: Int?

  @Option(
    help: ArgumentHelp(
      "Who is who: ck+ for the subjects of CK+, or a regular expression whose first group names the person in the key.",
      valueName: "pattern"))
  var groupBy: String?

  @Flag(help: "Keep almost equal pictures together too.")
  var near = false

  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false

  @OptionGroup var seed: SeedOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if folds == nil, fold != nil || to != nil { throw ValidationError("--fold and --to go with --folds.") }
    for (name, share) in [("--validation", validation), ("--test", test)] where !(0..<1).contains(share) {
      throw ValidationError("\(name) is a number from 0 to less than 1, not \(share).")
    }
    guard (folds != nil) != (validation > 0 || test > 0) else {
      throw ValidationError("Say how to split: with --validation and --test, or with --folds.")
    }
    if let folds, folds < 2 { throw ValidationError("--folds is a number of at least 2.") }
    if folds != nil, fold == nil, to == nil {
      throw ValidationError("Say what --folds are for: --to writes them down, --fold moves one of them to validation.")
    }
    if let folds, let fold, !(0..<folds).contains(fold) {
      throw ValidationError("--fold is 0 to \(folds - 1).")
    }
  }

  func run() throws {
    let store = try dataset.open()
    let samples = try store.samples()
    let groups = try groups(of: samples, store)
    let splitter = Splitter(seed: seed.seed)
    var changes: [LabelChange] = []
    if let folds {
      let dealt = try splitter.folds(groups, count: folds)
      if let to {
        let rows = samples.compactMap { sample in dealt[sample.id].map { [sample.key, "\($0)"] } }
        try ResultFile(to).write(CSVText.table(header: ["key", "fold"], rows: rows))
      }
      if let fold {
        changes = samples.filter { dealt[$0.id] == fold }.map {
          LabelChange(
            sample: $0.id, field: .split, to: Split.validation.rawValue, reason: "split: fold \(fold) of \(folds)")
        }
      }
      let report = Report(samples, changes: changes, folds: dealt, groups: groups, run: nil)
      return try finish(report, changes: changes, store, groups)
    }
    changes = try splitter.holdOut(groups, validation: validation, test: test)
    try finish(Report(samples, changes: changes, folds: [:], groups: groups, run: nil), changes: changes, store, groups)
  }

  private func finish(
    _ report: Report, changes: [LabelChange], _ store: DatasetStore, _ groups: SampleGroups
  ) throws {
    var report = report
    if !dryRun, !changes.isEmpty {
      let recipe = Recipe(
        validation: validation, test: test, folds: folds, fold: fold, groupBy: groupBy, near: near)
      report.run = try store.split(changes, groups: groups, recipe: recipe, seed: seed.seed).id
    }
    try common.print(report, text: report.text(isDryRun: dryRun))
    if report.torn > 0 {
      common.console.warning(
        "\(Numbers.count(report.torn, "group")) of training samples have members in validation or test: they were left as "
          + "they are (fercure resolve --rule drop-leaks)")
    }
  }

  private func groups(of samples: [Sample], _ store: DatasetStore) throws -> SampleGroups {
    let names = try groupBy.map { pattern in
      try SampleGroups.names(matching: pattern == "ck+" ? SampleGroups.subjectPattern : pattern, in: samples)
    }
    let pairs =
      near
      ? try withProgress("Comparing", console: common.console) { progress in
        try NearDuplicateSet(of: store, progress: progress).pairs
      } : []
    return SampleGroups(of: samples, names: names ?? [:], pairs: pairs)
  }

  private struct Recipe: Encodable {
    var validation: Double
    var test: Double
    var folds: Int?
    var fold: Int?
    var groupBy: String?
    var near: Bool
  }

  /// The samples of every part, class by class.
  struct Report: Encodable {
    var run: Int64?
    var groups: Int
    var largestGroup: Int
    /// Groups that training shares with validation or test.
    var torn: Int
    var moved: Int
    /// Samples by part and label: splits, or folds.
    var parts: [String: [String: Int]]

    init(_ samples: [Sample], changes: [LabelChange], folds: [Int64: Int], groups: SampleGroups, run: Int64?) {
      self.run = run
      self.groups = groups.groups.count
      largestGroup = groups.groups.map(\.count).max() ?? 0
      torn = groups.groups.count { group in
        group.contains { $0.split == .train } && group.contains { $0.split != .train }
      }
      moved = changes.count
      let targets = Dictionary(changes.map { ($0.sample, $0.to ?? "") }, uniquingKeysWith: { $1 })
      parts = [:]
      for sample in samples {
        let part = folds[sample.id].map { "fold \($0)" } ?? targets[sample.id] ?? sample.split.rawValue
        parts[part, default: [:]][sample.label ?? "(no label)", default: 0] += 1
      }
    }

    func text(isDryRun: Bool) -> String {
      let names = parts.keys.sorted()
      var table = TextTable(header: ["class"] + names)
      for label in Set(parts.values.flatMap(\.keys)).sorted() {
        table.rows.append([label] + names.map { Numbers.count(parts[$0]?[label] ?? 0) })
      }
      table.footer = [["total"] + names.map { Numbers.count(parts[$0]?.values.reduce(0, +) ?? 0) }]
      let title = run.map { "run \($0): " } ?? (isDryRun ? "would be: " : "")
      return title + "\(Numbers.count(moved, "sample")) moved, \(Numbers.count(groups, "group")), the largest of "
        + "\(Numbers.count(largestGroup))\n\n\(table.text)"
    }
  }
}
