import Foundation
import GRDB

/// Writes reviews inside a transaction, with the decisions and label events that follow from them.
struct ReviewWriter {
  let db: Database
  let reviewer: String
  let run: Int64
  private let time = timestamp()

  init(_ db: Database, reviewer: String, run: Int64) {
    self.db = db
    self.reviewer = reviewer
    self.run = run
  }

  private var actor: String { "reviewer \(reviewer)" }

  /// A suggestion and its sample at one time.
  struct Moment: Codable, Equatable {
    var state: Suggestion.State
    var decidedBy: String?
    var decidedAt: String?
    var label: String?
    var excluded: Bool
  }

  /// Writes opinions down as one batch; those that decide take effect.
  ///
  /// The first reviewer's opinion decides; what another one says later is a second opinion, unless it settles a conflict.
  func write(_ opinions: [Opinion]) throws -> [Review] {
    let classes = try String.fetchAll(db, sql: "SELECT name FROM class ORDER BY id")
    let batch = try (Int64.fetchOne(db, sql: "SELECT batch FROM review ORDER BY id DESC LIMIT 1") ?? 0) + 1
    return try opinions.map { opinion in
      guard let suggestion = try Suggestion.fetchAll(db, "WHERE id = ?", [opinion.suggestion]).first else {
        throw CurationError.noSuchSuggestion(opinion.suggestion)
      }
      if opinion.action == .relabel, opinion.label == nil {
        throw CurationError.relabelWithoutLabel(suggestion: suggestion.id)
      }
      for label in [opinion.label, opinion.second].compactMap({ $0 }) where !classes.contains(label) {
        throw CurationError.unknownClass(label, known: classes)
      }
      return try write(opinion.simplified(for: suggestion), about: suggestion, batch: batch)
    }
  }

  private func write(_ opinion: Opinion, about suggestion: Suggestion, batch: Int64) throws -> Review {
    // A page that heard no answer sends again: what it said already stands.
    let last = try Review.fetchAll(
      db, "WHERE suggestion = ? AND reviewer = ? AND undone IS NULL ORDER BY id DESC LIMIT 1",
      [suggestion.id, reviewer]
    ).first
    if let last, last.opinion.saysTheSame(as: opinion), try last.isApplied == false || isInEffect(last) { return last }
    let before = try moment(suggestion.id)
    let isForeign = before.decidedBy.map { $0.hasPrefix("reviewer ") && $0 != actor } ?? false
    let isOpen = before.state == .open || before.state == .skipped
    let applies = isOpen || !isForeign || opinion.origin == .conflict
    if applies {
      try takeBackStanding(suggestion)
      try apply(opinion, to: suggestion)
    }
    let after = try moment(suggestion.id)
    try db.cachedStatement(
      sql: """
        INSERT INTO review
          (batch, suggestion, sample, reviewer, action, label, second, origin, seconds, applied, "before", "after", run, time)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        batch, suggestion.id, suggestion.sample, reviewer, opinion.action.rawValue, opinion.label, opinion.second,
        opinion.origin.rawValue, opinion.seconds, applies, try json(before), try json(after), run, time,
      ])
    return Review(
      id: db.lastInsertedRowID, batch: batch, opinion: opinion, sample: suggestion.sample, reviewer: reviewer,
      isApplied: applies, run: run, time: time)
  }

  /// Whether nothing changed the suggestion and its sample since a review.
  private func isInEffect(_ review: Review) throws -> Bool {
    let after = try String.fetchOne(db, sql: #"SELECT "after" FROM review WHERE id = ?"#, arguments: [review.id])
    return try after.map(Self.moment) == moment(review.opinion.suggestion)
  }

  private func apply(_ opinion: Opinion, to suggestion: Suggestion) throws {
    let reason = "decided by \(reviewer)"
    let state: Suggestion.State =
      switch opinion.action {
      case .accept: .accepted
      case .relabel: .relabelled
      case .reject, .ambiguous, .exclude: .rejected
      case .skip: .skipped
      }
    _ = try DecisionWriter(db, actor: actor, run: run).decide([
      Decision(
        suggestion: suggestion.id, state: state, label: state == .relabelled ? opinion.label : nil, reason: reason)
    ])
    if opinion.action == .exclude {
      _ = try EventWriter(db, actor: actor, run: run).apply([
        LabelChange(sample: suggestion.sample, field: .excluded, to: "true", reason: reason)
      ])
    }
  }

  /// Puts back what the review that decided so far had changed, so that another one starts from the same place.
  private func takeBackStanding(_ suggestion: Suggestion) throws {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT "before", "after" FROM review
        WHERE suggestion = ? AND applied = 1 AND undone IS NULL ORDER BY id DESC LIMIT 1
        """, arguments: [suggestion.id])
    guard let row else { return }
    let after = try Self.moment(row[1])
    guard try moment(suggestion.id) == after else { return }
    // The very first state, however often the same reviewer came back to the face.
    let first = try String.fetchOne(
      db,
      sql: """
        SELECT "before" FROM review
        WHERE suggestion = ? AND applied = 1 AND undone IS NULL ORDER BY id LIMIT 1
        """, arguments: [suggestion.id])
    let before = try Self.moment(first ?? row[0])
    try restore(before, of: suggestion, from: after, reason: "reviewed again by \(reviewer)", actor: actor)
  }

  /// Takes back the reviewer's last batch that stands; files are taken back by their run.
  ///
  /// - Returns: Its reviews; none when there is nothing to take back.
  /// - Throws: `CurationError.decidedSince` when something changed the same samples since.
  func undo() throws -> [Review] {
    let last = try Int64.fetchOne(
      db,
      sql: """
        SELECT batch FROM review WHERE reviewer = ? AND undone IS NULL AND origin <> 'file' ORDER BY id DESC LIMIT 1
        """, arguments: [reviewer])
    guard let batch = last else { return [] }
    let rows = try Row.fetchAll(
      db,
      sql: #"SELECT id, suggestion, applied, "before", "after", run FROM review WHERE batch = ? ORDER BY id DESC"#,
      arguments: [batch])
    for row in rows where row[2] as Bool {
      guard let suggestion = try Suggestion.fetchAll(db, "WHERE id = ?", [row[1] as Int64]).first else { continue }
      let after = try Self.moment(row[4])
      let present = try moment(suggestion.id)
      guard present == after else {
        let key = try String.fetchOne(db, sql: "SELECT key FROM sample WHERE id = ?", arguments: [suggestion.sample])
        throw CurationError.decidedSince(
          run: row[5] ?? 0, sample: key ?? "", by: present.decidedBy ?? "another change")
      }
      let before = try Self.moment(row[3])
      try restore(before, of: suggestion, from: present, reason: "taken back by \(reviewer)", actor: "undo")
    }
    try db.execute(sql: "UPDATE review SET undone = ? WHERE batch = ?", arguments: [time, batch])
    return try Review.fetchAll(db, "WHERE batch = ? ORDER BY id", [batch])
  }

  private func restore(
    _ moment: Moment, of suggestion: Suggestion, from present: Moment, reason: String, actor: String
  ) throws {
    _ = try EventWriter(db, actor: actor, run: run).restore([
      LabelChange(sample: suggestion.sample, field: .label, to: moment.label, reason: reason),
      LabelChange(
        sample: suggestion.sample, field: .excluded, to: moment.excluded ? "true" : "false", reason: reason),
    ])
    try DecisionWriter(db, actor: actor, run: run).record(
      suggestion: suggestion.id, from: present.state, to: moment.state, decidedBy: moment.decidedBy,
      decidedAt: moment.decidedAt)
  }

  private func moment(_ suggestion: Int64) throws -> Moment {
    let statement = try db.cachedStatement(
      sql: """
        SELECT state, decidedBy, decidedAt, label, excluded FROM suggestion JOIN sample ON sample.id = sample
        WHERE suggestion.id = ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [suggestion]) else {
      throw CurationError.noSuchSuggestion(suggestion)
    }
    return Moment(
      state: try row.named(0), decidedBy: row[1], decidedAt: row[2], label: row[3], excluded: row[4])
  }

  private static func moment(_ text: String) throws -> Moment {
    try JSONDecoder().decode(Moment.self, from: Data(text.utf8))
  }

  /// Marks the reviews of a run that was taken back as a whole, and lets those stand again whose undo was undone.
  static func follow(_ db: Database, undoing run: Int64, by undo: Int64) throws {
    try db.execute(
      sql: "UPDATE review SET undone = NULL, undoneBy = NULL WHERE undoneBy = ?", arguments: [run])
    try db.execute(
      sql: "UPDATE review SET undone = ?, undoneBy = ? WHERE run = ? AND undone IS NULL",
      arguments: [timestamp(), undo, run])
  }
}
