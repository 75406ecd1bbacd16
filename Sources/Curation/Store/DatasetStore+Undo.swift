import GRDB

extension DatasetStore {
  /// Takes back what a run changed: labels, splits, exclusions and decisions are exactly what they were before it.
  ///
  /// Nothing is removed: reverse events by the actor `undo` are appended in a run of their own, which can be undone
  /// in turn. Copies that were made since come along, unless they were changed themselves.
  /// - Parameters:
  ///   - run: The run to take back.
  ///   - force: Also takes back what something else changed again since.
  /// - Returns: The new run.
  /// - Throws: `CurationError.nothingToUndo`, `.addsSamples`, `.alreadyUndone`, `.changedSince` or `.decidedSince`.
  @discardableResult
  public func undo(run: Int64, force: Bool = false) throws -> Run {
    try write { db in
      _ = try Run.fetch(db, run)
      let family = try RunFamily(db)
      if let undone = family.undoer(of: run) { throw CurationError.alreadyUndone(run: run, by: undone) }
      let changed = try reversals(db, run: run)
      let decisions = try decisionReversals(db, run: run)
      guard !changed.isEmpty || !decisions.isEmpty else { throw CurationError.nothingToUndo(run: run) }
      // What a run changed and changed back stands as it did: whoever changed it later is not in the way.
      let values = changed.filter { $0.before != $0.after }
      if !force {
        let ignored = family.cancellingOut(for: run)
        for value in values { try check(db, value, run: run, ignored: ignored) }
        for decision in decisions { try check(db, decision, run: run, ignored: ignored) }
      }

      let undo = try Run.insert(db, kind: "undo", recipe: json(["undo": run]), undoes: run)
      let reason = "takes back run \(run)"
      let changes = values.map { LabelChange(sample: $0.sample, field: $0.field, to: $0.before, reason: reason) }
      let first = values.map(\.firstEvent).min() ?? 0
      let events = try EventWriter(db, actor: "undo", run: undo.id).restore(changes, since: first)
      for decision in decisions { try reverse(db, decision, run: undo.id) }
      try ReviewWriter.follow(db, undoing: run, by: undo.id)
      return try Run.update(
        db, undo.id, finished: timestamp(), outcome: "\(events) events, \(decisions.count) decisions")
    }
  }

  /// One value that a run changed, possibly more than once.
  private struct Reversal {
    var sample: Int64
    var field: LabelChange.Field
    var before: String?
    var after: String?
    var firstEvent: Int64
    var lastEvent: Int64
  }

  private func reversals(_ db: Database, run: Int64) throws -> [Reversal] {
    var reversals: [Reversal] = []
    var positions: [String: Int] = [:]
    for event in try LabelEvent.fetchAll(db, "WHERE run = ? ORDER BY id", [run]) {
      if event.field == .split, event.from == nil { throw CurationError.addsSamples(run: run) }
      let target = "\(event.sample) \(event.field)"
      if let position = positions[target] {
        reversals[position].after = event.to
        reversals[position].lastEvent = event.id
      } else {
        positions[target] = reversals.count
        reversals.append(
          Reversal(
            sample: event.sample, field: event.field, before: event.from, after: event.to, firstEvent: event.id,
            lastEvent: event.id))
      }
    }
    return reversals
  }

  private func check(_ db: Database, _ value: Reversal, run: Int64, ignored: Set<Int64>) throws {
    let later = try LabelEvent.fetchAll(
      db, "WHERE sample = ? AND field = ? AND id > ? ORDER BY id DESC",
      [value.sample, value.field.rawValue, value.lastEvent])
    let change = later.first { event in event.run.map { !ignored.contains($0) } ?? true }
    let present = try EventWriter(db, actor: "undo", run: nil).current(value.sample, value.field)
    guard change != nil || present.value != value.after else { return }
    let by = (change ?? later.first).map { "\($0.actor)\($0.run.map { ", run \($0)" } ?? "")" } ?? "another program"
    throw CurationError.changedSince(run: run, sample: present.key, field: value.field, by: by)
  }

  private func decisionReversals(_ db: Database, run: Int64) throws -> [DecisionReversal] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT suggestion, min(id), max(id) FROM decision WHERE run = ? GROUP BY suggestion ORDER BY suggestion
        """, arguments: [run])
    return try rows.map { row in
      let first: Int64 = row[1]
      let last: Int64 = row[2]
      return DecisionReversal(
        suggestion: row[0], firstDecision: first, lastDecision: last, before: try state(db, "from", of: first),
        after: try state(db, "to", of: last))
    }
  }

  private func state(_ db: Database, _ side: String, of decision: Int64) throws -> Suggestion.State {
    let row = try Row.fetchOne(db, sql: "SELECT \"\(side)\" FROM decision WHERE id = ?", arguments: [decision])
    return try row?.named(0) ?? .open
  }

  private struct DecisionReversal {
    var suggestion: Int64
    var firstDecision: Int64
    var lastDecision: Int64
    var before: Suggestion.State
    var after: Suggestion.State
  }

  private func check(_ db: Database, _ decision: DecisionReversal, run: Int64, ignored: Set<Int64>) throws {
    guard
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT state, decidedBy, key FROM suggestion JOIN sample ON sample.id = sample WHERE suggestion.id = ?
          """, arguments: [decision.suggestion])
    else { throw CurationError.noSuchSuggestion(decision.suggestion) }
    // Somebody may have said the same again, which leaves the state as it is and is a decision all the same.
    let later = try Row.fetchAll(
      db, sql: "SELECT run, actor FROM decision WHERE suggestion = ? AND id > ? ORDER BY id DESC",
      arguments: [decision.suggestion, decision.lastDecision])
    let other = later.first { row in (row[0] as Int64?).map { !ignored.contains($0) } ?? true }
    if let other, other[1] != "undo" { throw CurationError.decidedSince(run: run, sample: row[2], by: other[1]) }
    guard try row.named(0) as Suggestion.State != decision.after else { return }
    throw CurationError.decidedSince(run: run, sample: row[2], by: row[1] as String? ?? "undo")
  }

  private func reverse(_ db: Database, _ decision: DecisionReversal, run: Int64) throws {
    // Who had decided it before that run: what an undo restored counts for the one who decided it first.
    let original = try Row.fetchOne(
      db,
      sql: """
        SELECT actor, time FROM decision
        WHERE suggestion = ? AND id < ? AND "to" = ? AND actor <> 'undo' ORDER BY id DESC LIMIT 1
        """, arguments: [decision.suggestion, decision.firstDecision, decision.before.rawValue])
    try DecisionWriter(db, actor: "undo", run: run).record(
      suggestion: decision.suggestion, from: decision.after, to: decision.before,
      decidedBy: original.map { $0[0] }, decidedAt: original.map { $0[1] })
  }
}
