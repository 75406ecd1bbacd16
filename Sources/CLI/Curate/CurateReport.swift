import Auditing
import Curation
import Foundation
import Reports
import Training

/// Turns the outcome of a curate run into the content of its report: the report of the curated dataset, with what only the
/// run knows: its recipe, its trainings and their evaluations.
struct CurateReport {
  private let run: CurateRun
  private let outcome: CurateRun.Outcome
  private let truth: SuggestionTruth?

  init(run: CurateRun, outcome: CurateRun.Outcome, truth: SuggestionTruth?) {
    self.run = run
    self.outcome = outcome
    self.truth = truth
  }

  /// The content.
  func content() throws -> ReportContent {
    let report = try DatasetReport(outcome.curated, truth: truth?.forReport)
    var content = try report.content(
      title: run.sources.map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: ", "),
      generatedAt: Date().formatted(.iso8601))
    content.recipe = try RecipeFile.yaml(run.recipe)
    content.seed = run.recipe.seed
    content.suggestions?.acceptedAbove = run.recipe.resolve.acceptAbove
    content.training = try training()
    content.evaluations = ReportContent.Comparison.all(
      of: outcome.evaluations, classes: try outcome.raw.classes())
    content.explanations =
      [
        try ReportContent.Explanation(
          TrainedModel(contentsOf: URL(fileURLWithPath: run.folder.model)), name: "curated", of: outcome.curated,
          console: run.console)
      ].compactMap { $0 }
    content.steps = outcome.steps.map { ReportContent.Step(name: $0.name, seconds: $0.seconds) }
    content.commands = commands()
    return content
  }

  private func training() throws -> [ReportContent.TrainingRun] {
    // What the audit made of its recipe on a small dataset stands with its run.
    let audited = try outcome.raw.lastRun(kind: "audit").flatMap(DatasetAudit.storedRecipe)
    let audit = (audited ?? run.recipe).audit
    // One more network than folds: the first one learned from all samples.
    let networks = AuditNetwork.all(of: audit, taughtByVotes: outcome.audit.histories.count <= audit.folds)
    let trained = zip(networks, outcome.audit.histories).map { network, history in
      ReportContent.TrainingRun(network.title, .audit, model: network.training.model, history: history)
    }
    return [
      ReportContent.TrainingRun("raw", .raw, outcome.rawTraining),
      ReportContent.TrainingRun("curated", .curated, outcome.curatedTraining),
    ] + trained
  }

  private func commands() -> [String] {
    let folder = run.folder
    let curate =
      ["curate"] + run.sources + run.votes.flatMap { ["--votes", $0] } + (run.truth.map { ["--truth", $0] } ?? [])
      + ["--recipe", folder.recipe, "--into", folder.path]
    return [
      curate, ["suggestions", folder.curated, "--state", "open"],
      ["resolve", folder.curated, "--from", "decisions.csv"],
      ["evaluate", folder.model, folder.curated, "--split", "test"],
    ].map(ShellText.fercure)
  }
}
