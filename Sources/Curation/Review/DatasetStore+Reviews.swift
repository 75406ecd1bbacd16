import GRDB

extension DatasetStore {
  /// Writes opinions down and lets them take effect, in one transaction that is on disk when this returns.
  ///
  /// They form one batch, which `undoReview` takes back as one. The first reviewer's opinion about a suggestion decides;
  /// another one's is kept beside it as a second opinion, unless its origin is a conflict.
  /// - Throws: `CurationError.noSuchSuggestion`, `.relabelWithoutLabel` or `.unknownClass`; then nothing was changed.
  @discardableResult
  public func review(_ opinions: [Opinion], reviewer: String, run: Int64) throws -> [Review] {
    guard !opinions.isEmpty else { return [] }
    return try durably { try ReviewWriter($0, reviewer: reviewer, run: run).write(opinions) }
  }

  /// Takes back the last batch of opinions that this reviewer gave: suggestions and labels are what they were before.
  ///
  /// - Returns: What was taken back; nothing when there was nothing.
  /// - Throws: `CurationError.decidedSince` when somebody changed the same samples since.
  @discardableResult
  public func undoReview(reviewer: String, run: Int64) throws -> [Review] {
    try durably { try ReviewWriter($0, reviewer: reviewer, run: run).undo() }
  }

  /// All reviews in order.
  ///
  /// - Parameters:
  ///   - suggestion: Only those about this suggestion.
  ///   - standing: Only those that were not taken back.
  public func reviews(of suggestion: Int64? = nil, standing: Bool = false) throws -> [Review] {
    try read { db in
      try Review.fetchAll(
        db, "WHERE (?1 IS NULL OR suggestion = ?1) AND (?2 = 0 OR undone IS NULL) ORDER BY id",
        [suggestion, standing])
    }
  }

  /// How far the file has come: what a server keeps in memory is read again from here when it differs.
  public func reviewMark() throws -> ReviewMark {
    try read { db in
      func last(_ table: String) throws -> Int64 { try Int64.fetchOne(db, sql: "SELECT max(id) FROM \(table)") ?? 0 }
      return ReviewMark(
        run: try last("run"), decision: try last("decision"), event: try last("labelEvent"), review: try last("review"),
        takenBack: try Int.fetchOne(db, sql: "SELECT count(*) FROM review WHERE undone IS NOT NULL") ?? 0)
    }
  }

  /// The suggestions about which something was decided, said or taken back since.
  public func suggestionsTouched(since mark: ReviewMark) throws -> Set<Int64> {
    try read { db in
      let takenBack = try Int.fetchOne(db, sql: "SELECT count(*) FROM review WHERE undone IS NOT NULL") ?? 0
      return try Set(
        Int64.fetchAll(
          db,
          sql: """
            SELECT suggestion FROM decision WHERE id > ? UNION SELECT suggestion FROM review WHERE id > ?
            UNION SELECT suggestion FROM review WHERE undone IS NOT NULL AND ?
            """, arguments: [mark.decision, mark.review, takenBack != mark.takenBack]))
    }
  }

  /// The last audit that made suggestions; nil when there was none.
  public func lastSuggestingAudit() throws -> Int64? {
    try read { try Int64.fetchOne($0, sql: "SELECT max(run) FROM suggestion") }
  }

  /// The quality of every label that an audit scored, by sample; of the last audit unless one is named.
  public func labelQualities(run: Int64? = nil) throws -> [Int64: (label: String, quality: Double)] {
    try read { db in
      let run = try run ?? Int64.fetchOne(db, sql: "SELECT max(run) FROM score")
      var result: [Int64: (label: String, quality: Double)] = [:]
      let rows = try Row.fetchCursor(
        db, sql: "SELECT sample, label, quality FROM score WHERE run = ?", arguments: [run])
      while let row = try rows.next() { result[row[0]] = (row[1], row[2]) }
      return result
    }
  }

  /// What every audit suggests about one sample, in order.
  public func suggestions(sample: Int64) throws -> [Suggestion] {
    try read { try Suggestion.fetchAll($0, "WHERE sample = ? ORDER BY id", [sample]) }
  }

  /// What several people called one sample; nil when it is not known.
  public func votes(of sample: Int64) throws -> Votes? {
    try read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT class, count FROM vote WHERE sample = ?", arguments: [sample])
      return rows.isEmpty ? nil : Votes(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }
  }

  /// The suggestions with these ids, in order of id.
  public func suggestions(ids: some Collection<Int64>) throws -> [Suggestion] {
    try read { db in
      try Suggestion.fetchAll(
        db, "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", [try json(Array(ids))])
    }
  }

  /// A write that survives a power cut, not only the end of the process.
  private func durably<T>(_ body: (Database) throws -> T) throws -> T {
    try checkIsOpen()
    return try translating(path) {
      try database.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA synchronous = FULL")
        var result: T?
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
        guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT, message: "nothing was written") }
        return result
      }
    }
  }
}

extension Review {
  static func fetchAll(_ db: Database, _ clause: String, _ arguments: StatementArguments = []) throws -> [Review] {
    let sql = """
      SELECT id, batch, suggestion, sample, reviewer, action, label, second, origin, seconds, applied, run, time, undone
      FROM review \(clause)
      """
    return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
      Review(
        id: row[0], batch: row[1],
        opinion: Opinion(
          suggestion: row[2], action: try row.named(5), label: row[6], second: row[7], origin: try row.named(8),
          seconds: row[9]),
        sample: row[3], reviewer: row[4], isApplied: row[10], run: row[11], time: row[12], undone: row[13])
    }
  }
}

/// The last rows of the tables that reviewing reads.
public struct ReviewMark: Sendable, Hashable {
  /// The last run.
  public var run: Int64
  var decision: Int64
  var event: Int64
  var review: Int64
  var takenBack: Int
}
