import Auditing
import Curation
import Foundation
import Training

/// Runs an audit over a dataset file and stores what it found, as one run.
struct DatasetAudit {
  let recipe: Recipe
  /// Where a stopped audit's state is; it is removed when the audit is done, unless it was ever asked to be kept.
  let work: URL
  let console: Console
  /// Where the evidence is written for other tools; nil writes none.
  var arrays: URL?
  /// Whether what a stopped audit would go on from stays, so that the same audit can be judged again without training.
  var keepsWork = false
  /// Probabilities that were made elsewhere, and the keys of their rows: then nothing is trained.
  var foreign: (probabilities: URL, keys: URL?)?

  func run(_ store: DatasetStore) throws -> (AuditResult, Run) {
    let known = try KnownLabels(store)
    var recipe = recipe
    if foreign == nil {
      let (training, taught) = try recipe.audit.schooling(store, votes: known.votes)
      recipe.audit = recipe.audit.lengthened(training: training, taughtByVotes: taught, telling: console)
    }
    let auditor = try Audit(recipe: recipe.audit, seed: recipe.seed)
    let progress = AuditProgress(console: console)
    // Looked at before a run begins: a file or folder that cannot be used leaves none behind.
    if let arrays { try ResultFile.makeFolder(arrays.path) }
    let foreignEvidence = try foreign.map {
      try EvidenceFolder.evidence(store, votes: known.votes, probabilities: $0.probabilities, keys: $0.keys)
    }
    // Nor does an audit that is refused because it would replace evidence that was kept.
    var begun: Run?
    func begin() throws -> Run {
      if let begun { return begun }
      let run = try Self.stopped(store, of: recipe) ?? store.beginRun(kind: "audit", recipe: recipe, seed: recipe.seed)
      if keepsWork, foreign == nil, !KeptEvidence.isIn(work) { try KeptEvidence.keep(work, isComplete: false) }
      begun = run
      return run
    }
    let (recorded, histories) =
      try foreignEvidence.map { ($0, []) }
      ?? auditor.record(store, votes: known.votes, work: work) { event in
        if case .learning = event { _ = try begin() }
        try progress.observe(event)
      }
    var evidence = recorded
    evidence.formerLabels = known.formerLabels(in: evidence)
    var result = try auditor.judge(evidence)
    result.histories = histories
    progress.finish()
    if let arrays { try EvidenceFolder(arrays).write(evidence) }
    let run = try begin()
    try store.store(suggestions: result.suggestions, scores: result.scores, run: run.id)
    let finished = try store.finish(
      run,
      outcome: "\(Numbers.count(result.suggestions.count, "suggestion")) about "
        + Numbers.count(result.scores.count, "sample"))
    if foreign == nil {
      if keepsWork { try KeptEvidence.keep(work, isComplete: true) }
      if !KeptEvidence.isIn(work) { try? FileManager.default.removeItem(at: work) }
    }
    return (result, finished)
  }

  /// The run that a stopped audit by this very recipe left open; another recipe's is none of ours.
  private static func stopped(_ store: DatasetStore, of recipe: Recipe) throws -> Run? {
    guard let last = try store.lastRun(kind: "audit"), last.finished == nil, last.seed == recipe.seed,
      let old = storedRecipe(last)
    else { return nil }
    return try RecipeFile.json(old) == RecipeFile.json(recipe) ? last : nil
  }

  /// The recipe that an audit followed.
  static func storedRecipe(_ run: Run) -> Recipe? {
    try? JSONDecoder().decode(Recipe.self, from: Data(run.recipe.utf8))
  }

  /// The recipe as it was planned for a stopped audit that differs from this one in nothing but what is planned: what one
  /// machine measured today it need not measure again tomorrow.
  static func planned(_ recipe: Recipe, in store: DatasetStore, votes: [Int64: Votes]) throws -> Recipe? {
    guard let last = try store.lastRun(kind: "audit"), let old = storedRecipe(last) else { return nil }
    var same = recipe
    // A plan begins with what the dataset's size calls for.
    same.audit = try recipe.audit.lengthened(for: store, votes: votes)
    same.audit.folds = old.audit.folds
    same.audit.foldModel = old.audit.foldModel
    same.audit.foldEpochs = old.audit.foldEpochs
    same.audit.train.model = old.audit.train.model
    same.audit.train.epochs = old.audit.train.epochs
    same.audit.train.steps = old.audit.train.steps
    same.audit.selfCure.relabelFrom = old.audit.selfCure.relabelFrom
    return try stopped(store, of: same) == nil ? nil : same
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
    let standing = Dictionary(
      try store.reviews(standing: true).filter(\.isApplied).map { ($0.opinion.suggestion, $0.opinion) },
      uniquingKeysWith: { $1 })
    for suggestion in try store.suggestions().sorted(by: { $0.run < $1.run }) {
      guard suggestion.decidedBy?.hasPrefix("reviewer") == true else { continue }
      if let opinion = standing[suggestion.id], opinion.action == .ambiguous {
        // Two labels share the face: that is no word for the given one.
        if let first = opinion.label, let second = opinion.second { votes[suggestion.sample] = [first: 5, second: 5] }
        former[suggestion.sample] = suggestion.from
        continue
      }
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
