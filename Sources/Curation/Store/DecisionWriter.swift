import GRDB

/// Records decisions about suggestions inside a transaction, and makes the changes that follow from them.
struct DecisionWriter {
  let db: Database
  let actor: String
  let run: Int64?
  private let time = timestamp()

  init(_ db: Database, actor: String, run: Int64?) {
    self.db = db
    self.actor = actor
    self.run = run
  }

  /// Records `decisions` and applies them to the labels.
  ///
  /// - Returns: The number of label events.
  func decide(_ decisions: [Decision]) throws -> Int {
    let events = try EventWriter(db, actor: actor, run: run)
    var count = 0
    for decision in decisions {
      guard let suggestion = try Suggestion.fetchAll(db, "WHERE id = ?", [decision.suggestion]).first else {
        throw CurationError.noSuchSuggestion(decision.suggestion)
      }
      if decision.state == .relabelled, decision.label == nil {
        throw CurationError.relabelWithoutLabel(suggestion: suggestion.id)
      }
      count += try events.apply(changes(for: decision, about: suggestion))
      let isOpen = decision.state == .open
      guard suggestion.state != decision.state || suggestion.decidedBy != actor else { continue }
      if suggestion.state == .open, isOpen { continue }
      try record(
        suggestion: suggestion.id, from: suggestion.state, to: decision.state, decidedBy: isOpen ? nil : actor,
        decidedAt: isOpen ? nil : time)
    }
    return count
  }

  /// Appends a decision and brings the suggestion up to it.
  func record(
    suggestion: Int64, from: Suggestion.State, to: Suggestion.State, decidedBy: String?, decidedAt: String?
  ) throws {
    try db.cachedStatement(
      sql: #"INSERT INTO decision (suggestion, "from", "to", actor, run, time) VALUES (?, ?, ?, ?, ?, ?)"#
    ).execute(arguments: [suggestion, from.rawValue, to.rawValue, actor, run, time])
    try db.cachedStatement(
      sql: "UPDATE suggestion SET state = ?, decidedBy = ?, decidedAt = ? WHERE id = ?"
    ).execute(arguments: [to.rawValue, decidedBy, decidedAt, suggestion])
  }

  private func changes(for decision: Decision, about suggestion: Suggestion) -> [LabelChange] {
    let percent = Int((suggestion.confidence * 100).rounded())
    let reason = decision.reason ?? "suggestion \(suggestion.id): \(suggestion.verdict.rawValue), \(percent) %"
    let restored = [
      LabelChange(sample: suggestion.sample, field: .label, to: suggestion.from, reason: reason),
      LabelChange(sample: suggestion.sample, field: .excluded, to: "false", reason: reason),
    ]
    switch decision.state {
    case .accepted:
      if let label = suggestion.to {
        return [LabelChange(sample: suggestion.sample, field: .label, to: label, reason: reason)]
      }
      return [LabelChange(sample: suggestion.sample, field: .excluded, to: "true", reason: reason)]
    case .relabelled:
      let change = LabelChange(sample: suggestion.sample, field: .label, to: decision.label, reason: reason)
      // A picture that was taken out as no face, and is given a label after all, comes back.
      return suggestion.state == .accepted && suggestion.to == nil ? [change, restored[1]] : [change]
    case .open, .rejected, .skipped:
      guard suggestion.state == .accepted || suggestion.state == .relabelled else { return [] }
      return suggestion.to == nil ? restored : [restored[0]]
    }
  }
}
