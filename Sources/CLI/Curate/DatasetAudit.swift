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
  /// Probabilities that were made elsewhere, and the keys of their rows: then nothing is trained.
  var foreign: (probabilities: URL, keys: URL?)?

  func run(_ store: DatasetStore) throws -> (AuditResult, Run) {
    let auditor = try Audit(recipe: recipe.audit, seed: recipe.seed)
    let known = try KnownLabels(store)
    let last = try store.lastRun(kind: "audit")
    // A stopped audit left its run open: this is the same one.
    let unfinished = last?.finished == nil ? last : nil
    let run = try unfinished ?? store.beginRun(kind: "audit", recipe: recipe, seed: recipe.seed)
    let progress = AuditProgress(console: console)
    var evidence: Evidence
    var histories: [[EpochMetrics]] = []
    if let foreign {
      evidence = try EvidenceFolder.evidence(
        store, votes: known.votes, probabilities: foreign.probabilities, keys: foreign.keys)
    } else {
      (evidence, histories) = try auditor.record(store, votes: known.votes, work: work, observe: progress.observe)
    }
    evidence.formerLabels = known.formerLabels(in: evidence)
    var result = try auditor.judge(evidence)
    result.histories = histories
    progress.finish()
    if let arrays { try EvidenceFolder(arrays).write(evidence) }
    try store.store(suggestions: result.suggestions, scores: result.scores, run: run.id)
    let finished = try store.finish(
      run,
      outcome: "\(Numbers.count(result.suggestions.count, "suggestion")) about "
        + Numbers.count(result.scores.count, "sample"))
    if !keepsWork { try? FileManager.default.removeItem(at: work) }
    return (result, finished)
  }
}

/// What people said about samples: votes, and the decisions that reviewers took on earlier suggestions.
struct KnownLabels {
  /// By sample; a decision counts like ten votes of one mind and stands in for votes, as somebody looked at that face.
  var votes: [Int64: Votes]
  /// The label that a decided sample had before.
  private var former: [Int64: String] = [:]

  init(_ store: DatasetStore) throws {
    votes = try store.votes()
    let labels = Dictionary(uniqueKeysWithValues: try store.samples().map { ($0.id, $0.label) })
    for suggestion in try store.suggestions().sorted(by: { $0.run < $1.run }) {
      guard suggestion.decidedBy?.hasPrefix("reviewer") == true else { continue }
      let truth: String? =
        switch suggestion.state {
        case .accepted: suggestion.to ?? "NF"
        case .rejected: suggestion.from
        case .relabelled: labels[suggestion.sample] ?? nil
        case .open, .skipped: nil
        }
      guard let truth else { continue }
      votes[suggestion.sample] = [truth: 10]
      former[suggestion.sample] = suggestion.from
    }
  }

  /// The former labels by position in the evidence.
  func formerLabels(in evidence: Evidence) -> [Int: Int] {
    let number = Dictionary(uniqueKeysWithValues: evidence.classes.enumerated().map { ($1, $0) })
    var result: [Int: Int] = [:]
    for (index, sample) in evidence.samples.enumerated() {
      guard let label = former[sample.id].flatMap({ number[$0] }) else { continue }
      result[index] = label
    }
    return result
  }
}
