import GRDB

extension DatasetStore {
  /// The votes of every sample whose votes are known, by its id.
  public func votes() throws -> [Int64: Votes] {
    try read { db in
      var votes: [Int64: Votes] = [:]
      let rows = try Row.fetchCursor(db, sql: "SELECT sample, class, count FROM vote ORDER BY sample")
      while let row = try rows.next() { votes[row[0], default: [:]][row[1]] = row[2] }
      return votes
    }
  }

  /// The items of the sources that could not be taken, with the name of their source.
  public func rejections() throws -> [(source: String, rejection: Rejection)] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT name, item, reason FROM rejection JOIN source ON source.id = source ORDER BY source, item
          """
      ).map { row in (row[0], Rejection(item: row[1], reason: row[2])) }
    }
  }
}
