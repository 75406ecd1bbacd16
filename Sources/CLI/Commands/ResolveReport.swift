import Auditing
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
  /// Suggestions left for a reviewer because such suggestions are seldom right or nobody knows how often, by target class.
  var heldBack: [String: Int]?
  /// How right the accepted suggestions are expected to be.
  var expectation: GatedAcceptance.Expectation?

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
    let remarks = ([title, expected, held].compactMap(\.self)).joined(separator: "\n")
    guard !summary.transitions.isEmpty else { return remarks }
    var table = TextTable(header: ["from", "to", "samples"])
    table.rows = summary.transitions.map { [$0.from ?? "(none)", $0.to ?? "(none)", Numbers.count($0.count)] }
    return remarks + "\n\n" + table.text
  }

  private var expected: String? {
    guard let expectation, summary?.decisions["accepted"] ?? 0 > 0 else { return nil }
    let stated = "expected to be right: \(Numbers.percent(expectation.stated)) by their confidence"
    guard let measured = expectation.measured else { return stated + "; not measured, as no votes are known" }
    return stated + ", \(Numbers.percent(measured.share)) by the votes on \(Numbers.count(expectation.judged)) of them"
      + " (95 % interval \(Numbers.percent(measured.low)) to \(Numbers.percent(measured.high)))"
  }

  private var held: String? { heldBack.flatMap(GatedAcceptance.remark).map { $0 + "; --ungated accepts them" } }
}
