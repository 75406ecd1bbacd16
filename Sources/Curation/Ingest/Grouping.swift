import GRDB

extension DatasetStore {
  /// Puts samples with equal pictures into one group, `pixels:` and the start of their fingerprint.
  ///
  /// A sample that has another group already (a subject, a sequence) keeps it.
  func groupEqualPictures() throws {
    try write { db in
      try db.execute(
        sql: """
          UPDATE sample SET "group" = 'pixels:' || substr(pixelHash, 1, 16)
          WHERE "group" IS NULL AND pixelHash IN (SELECT pixelHash FROM sample GROUP BY pixelHash HAVING count(*) > 1)
          """)
    }
  }
}
