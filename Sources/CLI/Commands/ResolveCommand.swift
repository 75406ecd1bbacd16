import ArgumentParser
import Curation
import Foundation

/// `fercure resolve`: decisions become label events.
struct ResolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Applies decisions to the labels, and takes them back.",
    discussion: """
      A decisions csv has the columns key, action (accept, reject, relabel, ambiguous, exclude, skip) and label; where \
      from and to stand beside them, they must be what is suggested. The JSON of an offline queue and of Label Studio \
      are read too. What a second reviewer says about the same faces is kept beside the first one's word. Every run can \
      be undone exactly; 'fercure info' lists the runs.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("Accept open suggestions with at least this confidence, 0 ... 1.", valueName: "c"))
  var acceptAbove: Double?

  @Option(help: ArgumentHelp("Apply the decisions of a csv or JSON file.", valueName: "decisions"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Apply a rule; may be repeated. \(CurationRule.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var rule: [String] = []

  @Option(help: ArgumentHelp("Take a run back.", valueName: "run"))
  var undo: Int64?

  @Option(help: "With --accept-above or --rule: only samples of this split; may be repeated.")
  var split: [Split] = []

  @Option(help: ArgumentHelp("With --from: who decided; the user's name unless given.", valueName: "name"))
  var reviewer: String?

  @Flag(help: "With --from: apply the rows that are right even when others are not.")
  var skipInvalid = false

  @Flag(help: "With --undo: also take back what was changed again since.")
  var force = false

  @Flag(
    help: ArgumentHelp(
      "With --accept-above: also accept suggestions into classes whose precision is low or not known."))
  var ungated = false

  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    let ways = [acceptAbove != nil, from != nil, !rule.isEmpty, undo != nil].count { $0 }
    guard ways == 1 else { throw ValidationError("Give one of --accept-above, --from, --rule and --undo.") }
    if let acceptAbove, !(0...1).contains(acceptAbove) {
      throw ValidationError("--accept-above is a number from 0 to 1, not \(acceptAbove).")
    }
    if ungated && acceptAbove == nil { throw ValidationError("--ungated goes with --accept-above.") }
    if !split.isEmpty && acceptAbove == nil && rule.isEmpty {
      throw ValidationError("--split goes with --accept-above and --rule.")
    }
    if (reviewer != nil || skipInvalid) && from == nil {
      throw ValidationError("--reviewer and --skip-invalid go with --from.")
    }
    if force && undo == nil { throw ValidationError("--force goes with --undo.") }
    if dryRun && undo != nil { throw ValidationError("--undo and --dry-run do not go together.") }
  }

  func run() throws {
    let store = try dataset.open()
    let resolver = Resolver(store)
    if let undo {
      let run = try resolver.undo(run: undo, force: force)
      let report = ResolveReport(run: run, undoes: undo)
      return try common.print(report, text: report.text)
    }
    let gated = try acceptAbove.map {
      try GatedAcceptance(store, above: $0, splits: splits, ignoresGates: ungated)
    }
    let plan = try gated?.plan ?? plan(resolver)
    let run = dryRun ? nil : try resolver.apply(plan, recipe: recipe)
    var report = ResolveReport(plan: plan, run: run, isDryRun: dryRun)
    report.heldBack = gated?.plan.heldBack
    report.expectation = gated?.expectation
    try common.print(report, text: report.text)
    if !common.json { common.console.list(plan.rejections) }
  }

  private func plan(_ resolver: Resolver) throws -> ResolvePlan {
    if !rule.isEmpty {
      let rules = try rule.map(CurationRule.named)
      return try withProgress("Checking", console: common.console) { progress in
        try resolver.plan(rules: rules, splits: splits, progress: progress)
      }
    }
    let file = try DecisionFile(contentsOf: URL(fileURLWithPath: from ?? ""))
    let plan = try resolver.plan(file, reviewer: reviewer ?? file.reviewer ?? NSUserName())
    if !plan.rejections.isEmpty && !skipInvalid {
      common.console.list(plan.rejections)
      throw CLIError.invalidDecisions(
        file: file.name, invalid: plan.rejections.count, total: file.rows.count + file.rejections.count)
    }
    return plan
  }

  private var splits: Set<Split> { split.isEmpty ? Set(Split.allCases) : Set(split) }

  private struct Recipe: Encodable {
    var acceptAbove: Double?
    var ungated: Bool?
    var splits: [Split]?
    var from: String?
    var rules: [String]?
    var skipInvalid: Bool?
  }

  private var recipe: Recipe {
    Recipe(
      acceptAbove: acceptAbove, ungated: ungated ? true : nil, splits: split.isEmpty ? nil : split,
      from: from.map { URL(fileURLWithPath: $0).lastPathComponent }, rules: rule.isEmpty ? nil : rule,
      skipInvalid: from == nil ? nil : skipInvalid)
  }
}
