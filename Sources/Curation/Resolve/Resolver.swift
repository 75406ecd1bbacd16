import GRDB

/// Turns suggestions, decisions and rules into label events.
///
/// First a plan is made, which can be looked at; then `apply` does all of it in one transaction and one run, which
/// `undo` takes back exactly.
public struct Resolver: Sendable {
  private let store: DatasetStore

  /// Creates the resolver of a dataset.
  public init(_ store: DatasetStore) { self.store = store }

  /// Plans to accept the open suggestions whose confidence is at least `confidence`.
  ///
  /// Of several audits' suggestions for one sample the last counts. A suggestion about a label that has changed since
  /// the audit, or about a sample that was taken out, is left open and listed under the plan's rejections. One that is less
  /// probable than the label it would replace is left open, too.
  /// - Parameters:
  ///   - splits: Only samples of these splits.
  ///   - closed: Classes that no label is changed to; suggestions into them stay open.
  public func accept(
    above confidence: Double, splits: Set<Split> = Set(Split.allCases), notInto closed: Set<String> = []
  ) throws -> ResolvePlan {
    let context = try Context(store)
    var rejections: [Rejection] = []
    var heldBack: [String: Int] = [:]
    let accepted = context.openSuggestions.values.sorted { $0.id < $1.id }.filter { suggestion in
      guard suggestion.confidence >= confidence, let sample = context.samples[suggestion.sample] else { return false }
      guard splits.contains(sample.split) else { return false }
      let hasChanged = sample.excluded || sample.label != suggestion.from
      if let target = suggestion.to {
        // A label may be wrong, and yet more probable than what is proposed: that is for a person.
        if let given = suggestion.signals.givenProbability, given > suggestion.confidence { return false }
        if closed.contains(target) {
          if !hasChanged { heldBack[target, default: 0] += 1 }
          return false
        }
      }
      if hasChanged {
        rejections.append(
          Rejection(item: sample.key, reason: "\(sample.key) has changed since the audit: its suggestion stays open"))
        return false
      }
      return true
    }
    var plan = context.plan(
      actor: "rule accept-above",
      decisions: accepted.map { Decision(suggestion: $0.id, state: .accepted) }, rejections: rejections)
    plan.heldBack = heldBack
    return plan
  }

  /// Plans what a decisions file says.
  ///
  /// Every row is validated; those that cannot be applied are listed in the plan's rejections, together with those that
  /// could not be read, and it is for the caller to say whether the others may be applied without them.
  /// - Throws: `CurationError.badReviewer`.
  public func plan(_ file: DecisionFile, reviewer: String) throws -> ResolvePlan {
    let reviewer = try ReviewerName.checked(reviewer)
    let context = try Context(store)
    var decisions: [Decision] = []
    var opinions: [Opinion] = []
    var changes: [LabelChange] = []
    var rejections = file.rejections
    var rowsByKey: [String: Int] = [:]
    for row in file.rows {
      let key = row.decision.key
      if let earlier = rowsByKey[key] {
        rejections.append(file.rejection(row: row.number, "decides about \(key) again, after row \(earlier)"))
        continue
      }
      rowsByKey[key] = row.number
      if let flaw = context.mismatch(row.decision) {
        rejections.append(file.rejection(row: row.number, flaw.reason))
        continue
      }
      if let second = context.secondOpinion(row.decision, reviewer: reviewer) {
        opinions.append(second)
        continue
      }
      switch context.translate(row.decision, reviewer: reviewer) {
      case .success(let step):
        if let opinion = context.opinion(row.decision) { opinions.append(opinion) }
        if let decision = step.decision { decisions.append(decision) }
        if let change = step.change { changes.append(change) }
      case .failure(let flaw):
        rejections.append(file.rejection(row: row.number, flaw.reason))
      }
    }
    var plan = context.plan(
      actor: "reviewer \(reviewer)", decisions: decisions, changes: changes, rejections: rejections)
    plan.opinions = opinions
    return plan
  }

  /// Plans what rules propose, after running the checks that they go by.
  ///
  /// - Parameters:
  ///   - splits: Where rules that are not about training samples alone may exclude something.
  ///   - progress: Told how far the checks have come.
  public func plan(
    rules: [CurationRule], splits: Set<Split> = Set(Split.allCases), progress: Progress = { _, _ in }
  ) throws -> ResolvePlan {
    let checks = Set(rules.map(\.check)).sorted()
    let findings = try Checks.run(checks, on: store, progress: progress)
    let changes = CurationRule.changes(by: rules, findings: findings, samples: try store.samples(), splits: splits)
    let names = rules.map(\.rawValue).joined(separator: ", ")
    return try Context(store).plan(actor: "rule \(names)", decisions: [], changes: changes)
  }

  /// Does what the plan says, in one transaction and one run of the kind `resolve`.
  ///
  /// - Parameter recipe: What was asked for, for the run's record.
  /// - Returns: The run, by which it can be undone; nil when there was nothing to do.
  @discardableResult
  public func apply(_ plan: ResolvePlan, recipe: some Encodable) throws -> Run? {
    guard !plan.isEmpty else { return nil }
    let recipe = try json(recipe)
    return try store.write { db in
      let run = try Run.insert(db, kind: "resolve", recipe: recipe)
      var events = 0
      if plan.opinions.isEmpty {
        events = try DecisionWriter(db, actor: plan.actor, run: run.id).decide(plan.decisions)
      } else {
        let reviewer = String(plan.actor.trimmingPrefix("reviewer "))
        _ = try ReviewWriter(db, reviewer: reviewer, run: run.id).write(plan.opinions)
        events = try Int.fetchOne(db, sql: "SELECT count(*) FROM labelEvent WHERE run = ?", arguments: [run.id]) ?? 0
      }
      events += try EventWriter(db, actor: plan.actor, run: run.id).apply(plan.changes)
      return try Run.update(
        db, run.id, finished: timestamp(), outcome: "\(events) events, \(plan.decisions.count) decisions")
    }
  }

  /// Takes back what a run did: labels, splits, exclusions and decisions are what they were before it.
  ///
  /// - Throws: What `DatasetStore.undo` throws.
  @discardableResult
  public func undo(run: Int64, force: Bool = false) throws -> Run { try store.undo(run: run, force: force) }
}
