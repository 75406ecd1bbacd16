import Foundation
import GRDB

/// A sample on its way into the dataset.
struct NewSample {
  var key: String
  var split: Split
  var label: String?
  var width: Int
  var height: Int
  var channels: Int
  var encoding: Sample.Encoding
  var pixelHash: String
  var source: Int64
  var group: String?
  var path: String?
  var bytes: Data?
}

/// Inserts samples with their first events inside a transaction; its statements are prepared once.
///
/// `finish` writes the events of all new samples at once, which is much faster than one by one.
final class SampleWriter {
  private let db: Database
  private let sampleRow: Statement
  private let imageRow: Statement
  private let actor: String
  private let run: Int64?
  private let reason: String
  private let lastBefore: Int64

  init(_ db: Database, actor: String, run: Int64?, reason: String) throws {
    self.db = db
    self.actor = actor
    self.run = run
    self.reason = reason
    lastBefore = try Int64.fetchOne(db, sql: "SELECT max(id) FROM sample") ?? 0
    sampleRow = try db.makeStatement(
      sql: """
        INSERT INTO sample
          (key, split, label, width, height, channels, encoding, pixelHash, source, "group", path)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    imageRow = try db.makeStatement(sql: "INSERT INTO image (sample, bytes) VALUES (?, ?)")
  }

  /// Inserts the sample and its bytes.
  ///
  /// - Returns: The new id.
  func insert(_ sample: NewSample) throws -> Int64 {
    try sampleRow.execute(
      arguments: [
        sample.key, sample.split.rawValue, sample.label, sample.width, sample.height, sample.channels,
        sample.encoding.rawValue, sample.pixelHash, sample.source, sample.group, sample.path,
      ])
    let id = db.lastInsertedRowID
    if let bytes = sample.bytes { try imageRow.execute(arguments: [id, bytes]) }
    return id
  }

  /// Appends the events that gave the new samples their label, if they have one, and their split.
  func finish() throws {
    try db.execute(
      sql: """
        INSERT INTO labelEvent (sample, field, "to", actor, run, reason, time)
        SELECT sample, field, value, ?1, ?2, ?3, ?4 FROM (
          SELECT id AS sample, 1 AS place, 'label' AS field, label AS value FROM sample
            WHERE id > ?5 AND label IS NOT NULL
          UNION ALL
          SELECT id, 2, 'split', split FROM sample WHERE id > ?5
        ) ORDER BY sample, place
        """, arguments: [actor, run, reason, timestamp(), lastBefore])
  }
}
