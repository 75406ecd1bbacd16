import GRDB

extension DatasetStore {
  /// Stores what checks found, in place of what the same checks found before.
  ///
  /// - Parameter checks: The names of all checks that ran, those without findings too; nil for those of the findings.
  public func add(findings: [Finding], checks: [String]? = nil, run: Int64) throws {
    try write { db in
      _ = try Run.fetch(db, run)
      for check in checks ?? Array(Set(findings.map(\.check))) {
        try db.execute(sql: #"DELETE FROM finding WHERE "check" = ?"#, arguments: [check])
      }
      let row = try db.makeStatement(
        sql: #"INSERT INTO finding (run, "check", sample, score, "group", detail) VALUES (?, ?, ?, ?, ?, ?)"#)
      for finding in findings {
        try row.execute(
          arguments: [run, finding.check, finding.sample, finding.score, finding.group, finding.detail])
      }
    }
  }

  /// The findings of a check, or of all, in the order in which they were stored.
  public func findings(check: String? = nil) throws -> [Finding] {
    try read { db in
      let sql = """
        SELECT "check", sample, score, "group", detail FROM finding
        WHERE ?1 IS NULL OR "check" = ?1 ORDER BY id
        """
      return try Row.fetchAll(db, sql: sql, arguments: [check]).map { row in
        Finding(check: row[0], sample: row[1], score: row[2], group: row[3], detail: row[4])
      }
    }
  }
}
