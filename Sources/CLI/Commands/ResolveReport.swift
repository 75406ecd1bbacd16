import Curation

/// What `fercure resolve` did or would do, as JSON and as text.
struct ResolveReport: Encodable {
  /// The run to undo it by; nil when nothing was changed.
  var run: Int64?
  /// The run that was taken back.
  var undoes: Int64?
  /// How the run ended.
  var outcome: String?
  var dryRun: Bool?
  var actor: String?
  var summary: ResolvePlan.Summary?
  var rejected: [Rejection]?

  /// The report of an undo.
  init(run: Run, undoes: Int64) {
    self.run = run.id
    self.undoes = undoes
    outcome = run.outcome
  }

  /// The report of a plan, applied when there is a run.
  init(plan: ResolvePlan, run: Run?, isDryRun: Bool) {
    self.run = run?.id
    outcome = run?.outcome
    dryRun = isDryRun
    actor = plan.actor
    summary = plan.summary
    rejected = plan.rejections
  }

  /// What a person reads.
  var text: String {
    if let undoes, let run {
      return "run \(undoes) was taken back by run \(run): \(outcome ?? "")"
    }
    guard let summary else { return "" }
    let changes = [(summary.relabelled, "relabelled"), (summary.excluded, "excluded"), (summary.moved, "moved")]
    let counts =
      changes.filter { $0.0 > 0 }.map { "\(Numbers.count($0.0, "sample")) \($0.1)" }
      + summary.decisions.sorted { $0.key < $1.key }.map { "\(Numbers.count($0.value, "suggestion")) \($0.key)" }
    let what = counts.isEmpty ? "nothing to do" : counts.joined(separator: ", ")
    let title =
      if dryRun == true {
        "would be: \(what)"
      } else if let run {
        "run \(run): \(what)"
      } else {
        what
      }
    guard !summary.transitions.isEmpty else { return title }
    var table = TextTable(header: ["from", "to", "samples"])
    table.rows = summary.transitions.map { [$0.from ?? "(none)", $0.to ?? "(none)", Numbers.count($0.count)] }
    return title + "\n\n" + table.text
  }
}
