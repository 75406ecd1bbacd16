import ArgumentParser
import Auditing
import Curation
import Foundation
import Training

/// `fercure audit`: networks judge every label.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Trains networks, scores every label, suggests others.",
    discussion: """
      One network learns from all samples, held back from believing wrong labels; smaller ones learn from all but a fold, \
      and judge that. Where votes are known of a tenth of the samples, they teach large networks, which judge the fold that \
      they did not learn from. Nothing is changed: suggestions wait for 'fercure resolve'. A stopped audit goes on where it was; its state is kept in DATASET.audit.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(
    help: ArgumentHelp(
      "Which auditors, parted by commas; the first makes the suggestions. \(Auditors.all.map { $0.name }.joined(separator: ", ")).",
      valueName: "names"))
  var auditor: String?

  @OptionGroup var folding: FoldOptions

  @Option(help: "Who may be relabelled in training, low-importance (the paper) or any (the published code).")
  var relabelScope: SelfCureRecipe.RelabelScope?

  @OptionGroup(title: "Training") var options: RecipeOptions
  @OptionGroup var common: CommonOptions

  @Option(
    help: ArgumentHelp("Also write the evidence as npy files, for cleanlab and others.", valueName: "folder"),
    completion: .directory)
  var evidenceTo: String?

  @Option(
    help: ArgumentHelp(
      "Judge out-of-sample probabilities made elsewhere, an npy file [samples, classes], instead of training.",
      valueName: "file.npy"), completion: .file(extensions: ["npy"]))
  var predProbs: String?

  @Option(
    help: ArgumentHelp(
      "With --pred-probs: a key a line for its rows; without, they are the labelled samples in order.",
      valueName: "keys.txt"), completion: .file())
  var keys: String?

  @Option(help: ArgumentHelp("Choose epochs, network and folds so that the audit takes so long.", valueName: "m"))
  var minutes: Double?

  @Flag(help: "Keep DATASET.audit, until you remove it: the same audit can be judged again without training.")
  var keepEvidence = false

  func validate() throws {
    if keys != nil && predProbs == nil { throw ValidationError("--keys goes with --pred-probs.") }
    if let minutes, !(minutes > 0) { throw ValidationError("--minutes is a number above 0.") }
    if minutes != nil && predProbs != nil { throw ValidationError("--minutes and --pred-probs do not go together.") }
    for name in (auditor ?? "").split(separator: ",") where !Auditors.all.contains(where: { $0.name == name }) {
      throw ValidationError(
        "There is no auditor '\(name)'; choose from \(Auditors.all.map { $0.name }.joined(separator: ", ")).")
    }
  }

  func run() throws {
    var recipe = try options.recipe(overriding: \.audit.train)
    folding.apply(to: &recipe.audit)
    if let auditor { recipe.audit.auditor = auditor }
    if let relabelScope { recipe.audit.selfCure.relabelScope = relabelScope }
    try recipe.validate()
    let store = try dataset.open()
    if let minutes { try plan(&recipe, minutes: minutes, store) }
    let work = URL(fileURLWithPath: dataset.dataset + ".audit")
    let (result, run) = try DatasetAudit(
      recipe: recipe, work: work, console: common.console, arrays: evidenceTo.map { URL(fileURLWithPath: $0) },
      keepsWork: keepEvidence,
      foreign: predProbs.map { (URL(fileURLWithPath: $0), keys.map { URL(fileURLWithPath: $0) }) }
    ).run(store)
    let report = AuditReport(result, run: run.id)
    try common.print(report, text: report.text)
  }

  /// Fits the recipe into the minutes, and says what came of it.
  ///
  /// A stopped audit goes on as it was planned: its run remembers the recipe.
  private func plan(_ recipe: inout Recipe, minutes: Double, _ store: DatasetStore) throws {
    let votes = try KnownLabels(store).votes
    if let planned = try DatasetAudit.planned(recipe, in: store, votes: votes) {
      recipe = planned
    } else {
      recipe.audit = try AuditBudget.measure(recipe.audit, store, votes: votes)
        .plan(recipe.audit, minutes: minutes)
    }
    common.console.note(
      "planned: \(recipe.audit.train.epochs) epochs of \(recipe.audit.train.model), \(recipe.audit.folds) folds")
  }
}

/// What an audit prints.
struct AuditReport: Encodable {
  var run: Int64
  var audited: Int
  var suggestions: Int
  var verdicts: [String: Int]
  var isCalibrated: Bool
  var confident: [String: Int]
  /// SCN's importance over all samples: it says nothing when it is the same for all.
  var importance: Spread?
  var recognition: [Recognition]
  var reliability: [ReliabilityBin]

  init(_ result: AuditResult, run: Int64) {
    self.run = run
    audited = result.scores.count
    suggestions = result.suggestions.count
    verdicts = Dictionary(result.suggestions.map { ($0.verdict.rawValue, 1) }, uniquingKeysWith: +)
    isCalibrated = result.isCalibrated
    importance = Spread(result.scores.compactMap(\.signals.importance))
    recognition = result.recognition
    reliability = result.reliability
    confident = Dictionary(
      uniqueKeysWithValues: [0.5, 0.7, 0.9].map { level in
        ("\(level)", result.suggestions.count { $0.confidence >= level })
      })
  }

  var text: String {
    var table = TextTable(header: ["confidence at least", "suggestions"])
    table.rows = confident.sorted { $0.key < $1.key }.map { [$0.key, Numbers.count($0.value)] }
    let kinds = verdicts.sorted { $0.key < $1.key }.map { "\(Numbers.count($0.value)) \($0.key)" }
    let split = kinds.isEmpty ? "" : " (\(kinds.joined(separator: ", ")))"
    let basis = isCalibrated ? "calibrated on known votes" : "not calibrated: too few votes are known"
    return """
      \(Numbers.count(suggestions, "suggestion")) about \(Numbers.count(audited, "sample"))\(split); confidences are \(basis)

      \(([table.text, spread, recognised, reliable].compactMap(\.self)).joined(separator: "\n\n"))
      """
  }

  /// How far numbers lie apart.
  struct Spread: Encodable {
    var mean: Double
    var deviation: Double
    /// A twentieth lies below.
    var low: Double
    /// A twentieth lies above.
    var high: Double

    init?(_ values: [Double]) {
      guard !values.isEmpty else { return nil }
      let sorted = values.sorted()
      let count = Double(values.count)
      mean = values.reduce(0, +) / count
      let centre = mean
      deviation = (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / count).squareRoot()
      low = sorted[sorted.count / 20]
      high = sorted[sorted.count - 1 - sorted.count / 20]
    }
  }

  private var spread: String? {
    importance.map {
      "SCN's importance: mean \(Numbers.decimal($0.mean, places: 2)), nine in ten between "
        + "\(Numbers.decimal($0.low, places: 2)) and \(Numbers.decimal($0.high, places: 2))"
    }
  }

  private var recognised: String? {
    guard !recognition.isEmpty else { return nil }
    var table = TextTable(header: ["labels made wrong", "called wrong", "ranking within classes"])
    table.rows = recognition.map { row in
      [
        row.auditor, "\(Numbers.percent(row.found, of: row.injected)) of \(Numbers.count(row.injected))",
        Numbers.decimal(row.area, places: 3),
      ]
    }
    return table.text
  }

  private var reliable: String? {
    guard !reliability.isEmpty else { return nil }
    var table = TextTable(header: ["stated confidence", "right by votes", "suggestions"])
    table.rows = reliability.map { bin in
      [Numbers.percent(bin.stated), Numbers.percent(bin.measured), Numbers.count(bin.count)]
    }
    let error = Ranking.expectedCalibrationError(reliability)
    return table.text + "\n\nexpected calibration error \(Numbers.decimal(error, places: 3))"
  }
}
