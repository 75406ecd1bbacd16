import Auditing
import Curation
import Foundation
import Imaging
import Training

/// The main job, end to end: ingest, check, audit, resolve by rule, rebalance, augment, export, train on raw and on
/// curated, evaluate.
///
/// Each step finds what an earlier, stopped run left and goes on from there: ingesting again changes nothing, finished
/// folds and epochs are read back, and the cheap steps between them are done anew.
struct CurateRun {
  let sources: [String]
  let votes: [String]
  let truth: String?
  let recipe: Recipe
  let folder: CurateFolder
  let console: Console

  /// What the run gave, for summary and report.
  struct Outcome {
    var ingest: IngestReport
    var raw: DatasetStore
    var curated: DatasetStore
    var audit: AuditResult
    var resolved: [ResolvePlan] = []
    var plan: BalancePlan?
    var rawTraining: TrainingOutcome
    var curatedTraining: TrainingOutcome
    var evaluations: [CurateEvaluation] = []
    var steps: [StepTime] = []
  }

  /// How long a step took, stopped runs not counted.
  struct StepTime: Codable {
    var name: String
    var seconds: Double
  }

  /// Refuses a recipe that a step after the audit could not follow: the error should not cost the audit.
  func validateNames() throws {
    _ = try Audit(recipe: recipe.audit, seed: recipe.seed)
    _ = try recipe.resolve.rules.map(CurationRule.named)
    _ = try SamplingStrategy(parsing: recipe.rebalance.samplingStrategy)
    _ = try recipe.export.map(Export.exporter(named:))
  }

  /// Does all steps, in a folder that was claimed for this run.
  func run() throws -> Outcome {
    var times: [StepTime] = []
    func step<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
      let clock = ContinuousClock()
      let start = clock.now
      let result = try body()
      times.append(StepTime(name: name, seconds: (clock.now - start) / .seconds(1)))
      return result
    }

    let raw = try DatasetStore.openOrCreate(at: folder.raw)
    let ingested = try step("ingest") { try ingest(into: raw) }
    if recipe.train.patience > 0, try !raw.samples().contains(where: { $0.split == .validation }) {
      throw TrainingError.recipeValue("train.patience", reason: "early stopping needs a validation split")
    }
    try step("check") { try check(raw) }
    let audit = try step("audit") { try self.audit(raw) }
    var resolved: [ResolvePlan] = []
    let curated = try step("resolve") {
      let curated = try raw.copy(to: folder.curated, replacing: true)
      resolved = try resolve(curated)
      return curated
    }
    let plan = try step("rebalance") { try rebalance(curated) }
    try step("export") { try export(curated) }
    let budget = try budget(raw)
    let validation = try LabelledSet(
      .validation, of: raw, channels: recipe.train.channels, size: recipe.train.size, console: console)
    let rawTraining = try step("train on raw") {
      try train(raw, budget: budget, name: "raw", model: folder.rawModel, validation: validation)
    }
    let curatedTraining = try step("train on curated") {
      try train(curated, budget: budget, name: "curated", model: folder.model, validation: validation)
    }
    let evaluations = try step("evaluate") {
      try CurateEvaluation.all(
        raw: raw, models: [("raw", rawTraining.model), ("curated", curatedTraining.model)], truth: truth,
        console: console)
    }
    return Outcome(
      ingest: ingested, raw: raw, curated: curated, audit: audit, resolved: resolved, plan: plan,
      rawTraining: rawTraining, curatedTraining: curatedTraining, evaluations: evaluations, steps: times)
  }

  // MARK: Steps

  private func ingest(into store: DatasetStore) throws -> IngestReport {
    let report = try withProgress("Ingesting", unit: "items", console: console) { progress in
      try Ingest.run(sources: sources, into: store, options: IngestOptions(votes: votes), progress: progress)
    }
    for source in report.sources { console.list(source.rejected) }
    return report
  }

  private func check(_ store: DatasetStore) throws {
    guard try store.lastRun(kind: "check")?.finished == nil else { return }
    let names = recipe.checks.isEmpty ? Checks.standardNames : recipe.checks
    let findings = try withProgress("Checking", console: console) { progress in
      try Checks.run(names, on: store, progress: progress)
    }
    let run = try store.beginRun(kind: "check", recipe: ["checks": names])
    try store.add(findings: findings, checks: names, run: run.id)
    try store.finish(run, outcome: Numbers.count(findings.count, "finding"))
  }

  private func audit(_ store: DatasetStore) throws -> AuditResult {
    let kept = folder.work("audit.json")
    if let run = try store.lastRun(kind: "audit"), run.finished != nil,
      let histories = try? JSONDecoder().decode(AuditHistories.self, from: Data(contentsOf: kept))
    {
      return AuditResult(
        suggestions: try store.suggestions(run: run.id), scores: try store.scores(run: run.id),
        histories: histories.histories, isCalibrated: histories.isCalibrated)
    }
    let (result, _) = try DatasetAudit(recipe: recipe, work: folder.work("audit"), console: console).run(store)
    try JSONEncoder().encode(AuditHistories(histories: result.histories, isCalibrated: result.isCalibrated))
      .write(to: kept, options: .atomic)
    return result
  }

  /// What of an audit is not in the dataset file.
  private struct AuditHistories: Codable {
    var histories: [[EpochMetrics]]
    var isCalibrated: Bool
  }

  private func resolve(_ store: DatasetStore) throws -> [ResolvePlan] {
    let resolver = Resolver(store)
    // Validation and test keep their labels and pictures: they are the yardstick for raw and curated alike.
    let gated = try GatedAcceptance(store, above: recipe.resolve.acceptAbove, splits: [.train])
    if let remark = GatedAcceptance.remark(onHeldBack: gated.plan.heldBack) { console.note(remark) }
    let accepted = gated.plan
    try resolver.apply(accepted, recipe: recipe.resolve)
    let rules = try recipe.resolve.rules.map(CurationRule.named)
    guard !rules.isEmpty else { return [accepted] }
    let ruled = try resolver.plan(rules: rules, splits: [.train])
    try resolver.apply(ruled, recipe: recipe.resolve)
    return [accepted, ruled]
  }

  private func rebalance(_ store: DatasetStore) throws -> BalancePlan? {
    guard let method = Rebalancer.Method(rawValue: recipe.rebalance.method) else { return nil }
    let rebalancer = Rebalancer(
      method: method, strategy: try SamplingStrategy(parsing: recipe.rebalance.samplingStrategy), seed: recipe.seed)
    let result = try rebalanced(store, by: rebalancer, support: LabelSupport(of: store))
    try DerivedSamples(
      kind: "rebalance", dropped: result.dropped, derivations: result.derivations, redraw: result.redraw
    ).add(to: store, recipe: recipe.rebalance, seed: recipe.seed, console: console)
    for warning in result.plan.warnings { console.warning(warning) }
    return result.plan
  }

  /// What rebalancing does; a class whose labels are all doubted must not cost the audit: its pictures are copied alike.
  private func rebalanced(
    _ store: DatasetStore, by rebalancer: Rebalancer, support: LabelSupport
  ) throws -> Rebalancing {
    let samples = try store.samples()
    do {
      return try rebalancer.rebalance(
        samples, classes: store.classes(), augmentation: recipe.rebalance.augment, support: support)
    } catch BalanceError.unsupportedClass(let label) {
      console.warning(
        "no label of class \(label) is supported by votes or by the audit: all its pictures are copied alike")
      return try rebalanced(store, by: rebalancer, support: support.forgetting(samples.filter { $0.label == label }))
    }
  }

  private func export(_ store: DatasetStore) throws {
    for format in recipe.export {
      try? FileManager.default.removeItem(atPath: folder.export(format))
      let reports = try withProgress("Exporting \(format)", console: console) { progress in
        try Export.run(formats: [format], of: store, to: folder.export(format), progress: progress)
      }
      for report in reports { console.list(report.rejected) }
    }
  }

  /// The recipe with its epochs turned into steps over the raw training split: the same budget for raw and curated.
  private func budget(_ raw: DatasetStore) throws -> TrainingRecipe {
    var budget = recipe.train
    guard budget.steps == 0 else { return budget }
    let count = try raw.samples().count { $0.split == .train && $0.label != nil }
    budget.steps = budget.epochs * max(1, count / budget.batchSize)
    return budget
  }

  private func train(
    _ store: DatasetStore, budget: TrainingRecipe, name: String, model path: String, validation: LabelledSet
  ) throws -> TrainingOutcome {
    let outcome = try ModelTraining(
      recipe: budget, selfCure: nil, seed: recipe.seed, title: "Training on \(name)",
      checkpoint: folder.work("train-\(name).safetensors"), console: console
    ).run(store, validation: validation)
    try outcome.model.write(to: URL(fileURLWithPath: path))
    return outcome
  }
}
