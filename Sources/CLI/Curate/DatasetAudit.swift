import Auditing
import Curation
import Foundation
import Training

/// Runs an audit over a dataset file and stores what it found, as one run.
struct DatasetAudit {
  let recipe: Recipe
  /// Where a stopped audit's state is; it is removed when the audit is done.
  let work: URL
  let console: Console
  /// Where the evidence is written for other tools; nil writes none.
  var arrays: URL?
  /// Whether what a stopped audit would go on from stays, so that the same audit can be judged again without training.
  var keepsWork = false

  func run(_ store: DatasetStore) throws -> (AuditResult, Run) {
    let auditor = try Audit(recipe: recipe.audit, seed: recipe.seed)
    let last = try store.lastRun(kind: "audit")
    // A stopped audit left its run open: this is the same one.
    let unfinished = last?.finished == nil ? last : nil
    let current = try unfinished ?? store.beginRun(kind: "audit", recipe: recipe, seed: recipe.seed)
    var bar: ProgressBar?
    var title = ""
    let (result, evidence) = try auditor.run(store, votes: store.votes(), work: work) { event in
      switch event {
      case .progress(let step, let done, let total):
        if step != title {
          bar?.finish()
          bar = ProgressBar(step, unit: step.hasPrefix("Fold") ? "steps" : "samples", console: console)
          title = step
        }
        try bar?.update(done, total)
      case .epoch(let fold, let folds, let epoch):
        bar?.clear()
        let relabelled = epoch.relabelled > 0 ? "  relabelled \(Numbers.count(epoch.relabelled))" : ""
        console.status(
          "Fold \(fold + 1) of \(folds)  epoch \(epoch.epoch) of \(epoch.epochs)  "
            + "loss \(Numbers.decimal(epoch.loss, places: 3))  train \(Numbers.percent(epoch.accuracy))\(relabelled)")
      }
    }
    bar?.finish()
    if let arrays { try EvidenceFolder(arrays).write(evidence) }
    try store.store(suggestions: result.suggestions, scores: result.scores, run: current.id)
    let finished = try store.finish(
      current,
      outcome: "\(Numbers.count(result.suggestions.count, "suggestion")) about "
        + Numbers.count(result.scores.count, "sample"))
    if !keepsWork { try? FileManager.default.removeItem(at: work) }
    return (result, finished)
  }
}
