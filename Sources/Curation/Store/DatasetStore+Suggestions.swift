import Foundation
import GRDB

extension DatasetStore {
  /// Stores what an audit found: its suggestions and its score of every sample, in one transaction.
  ///
  /// The `run` of the suggestions is replaced by the given one; an audit that is stored again replaces what it stored
  /// before, as long as nothing was decided about it.
  public func store(suggestions: [Suggestion], scores: [Score], run: Int64) throws {
    try write { db in
      _ = try Run.fetch(db, run)
      try db.execute(sql: "DELETE FROM suggestion WHERE run = ?", arguments: [run])
      try db.execute(sql: "DELETE FROM score WHERE run = ?", arguments: [run])
      let suggestionRow = try db.makeStatement(
        sql: """
          INSERT INTO suggestion (run, sample, "from", "to", confidence, verdict, signals) VALUES (?, ?, ?, ?, ?, ?, ?)
          """)
      for item in suggestions {
        try suggestionRow.execute(
          arguments: [
            run, item.sample, item.from, item.to, item.confidence, item.verdict.rawValue, try json(item.signals),
          ])
      }
      let scoreRow = try db.makeStatement(
        sql: "INSERT INTO score (run, sample, label, quality, verdict, signals) VALUES (?, ?, ?, ?, ?, ?)")
      for item in scores {
        try scoreRow.execute(
          arguments: [run, item.sample, item.label, item.quality, item.verdict?.rawValue, try json(item.signals)])
      }
    }
  }

  /// The suggestions by falling confidence, those of equal confidence in order of their samples.
  ///
  /// - Parameters:
  ///   - state: Only those in this state; nil for all.
  ///   - minConfidence: Only those with at least this confidence.
  ///   - run: Only those of this audit; nil for those of every audit.
  public func suggestions(
    state: Suggestion.State? = nil, minConfidence: Double? = nil, run: Int64? = nil
  ) throws -> [Suggestion] {
    try read { db in
      try Suggestion.fetchAll(
        db,
        """
        WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR confidence >= ?2) AND (?3 IS NULL OR run = ?3)
        ORDER BY confidence DESC, sample, id
        """, [state?.rawValue, minConfidence, run])
    }
  }

  /// The scores of an audit in order of samples; with nil, those of the last audit that has any.
  public func scores(run: Int64? = nil) throws -> [Score] {
    try read { db in
      let run = try run ?? Int64.fetchOne(db, sql: "SELECT max(run) FROM score")
      let decoder = JSONDecoder()
      return try Row.fetchAll(
        db, sql: "SELECT sample, label, quality, verdict, signals FROM score WHERE run = ? ORDER BY sample",
        arguments: [run]
      ).map { row in
        Score(
          sample: row[0], label: row[1], quality: row[2], verdict: row[3] == nil ? nil : try row.named(3),
          signals: try decoder.decode(Signals.self, from: Data((row[4] as String).utf8)))
      }
    }
  }

  /// Decides about suggestions and changes the labels accordingly, in one transaction.
  ///
  /// Accepting takes the suggested label, or excludes the sample when it is not a face; relabelling takes the
  /// reviewer's; rejecting, skipping or reopening what had been accepted puts the audited label back.
  /// - Returns: The number of label events.
  /// - Throws: `CurationError.noSuchSuggestion`, `.relabelWithoutLabel` or `.unknownClass`; then nothing was changed.
  @discardableResult
  public func decide(_ decisions: [Decision], actor: String, run: Int64?) throws -> Int {
    try write { try DecisionWriter($0, actor: actor, run: run).decide(decisions) }
  }
}

extension Suggestion {
  static func fetchAll(
    _ db: Database, _ clause: String, _ arguments: StatementArguments = []
  ) throws -> [Suggestion] {
    let sql = """
      SELECT id, run, sample, "from", "to", confidence, verdict, signals, state, decidedBy, decidedAt
      FROM suggestion \(clause)
      """
    let decoder = JSONDecoder()
    return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
      Suggestion(
        id: row[0], run: row[1], sample: row[2], from: row[3], to: row[4], confidence: row[5],
        verdict: try row.named(6),
        signals: try decoder.decode(Signals.self, from: Data((row[7] as String).utf8)), state: try row.named(8),
        decidedBy: row[9], decidedAt: row[10])
    }
  }
}
