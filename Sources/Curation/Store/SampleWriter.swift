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
struct SampleWriter {
  private let db: Database
  private let sampleRow: Statement
  private let imageRow: Statement
  private let eventRow: Statement
  private let actor: String
  private let run: Int64?
  private let reason: String
  private let time = timestamp()

  init(_ db: Database, actor: String, run: Int64?, reason: String) throws {
    self.db = db
    self.actor = actor
    self.run = run
    self.reason = reason
    sampleRow = try db.makeStatement(
      sql: """
        INSERT INTO sample
          (key, split, label, width, height, channels, encoding, pixelHash, source, "group", path)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    imageRow = try db.makeStatement(sql: "INSERT INTO image (sample, bytes) VALUES (?, ?)")
    eventRow = try db.makeStatement(
      sql: """
        INSERT INTO labelEvent (sample, field, "to", actor, run, reason, time) VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
  }

  /// Inserts the sample, its bytes and the events of its first label and split.
  ///
  /// - Returns: The new id.
  func insert(_ sample: NewSample) throws -> Int64 {
    try sampleRow.execute(
      arguments: [
        sample.key, sample.split.rawValue, sample.label, sample.width, sample.height, sample.channels,
        sample.encoding.rawValue,
        sample.pixelHash, sample.source, sample.group, sample.path,
      ])
    let id = db.lastInsertedRowID
    if let bytes = sample.bytes { try imageRow.execute(arguments: [id, bytes]) }
    if let label = sample.label {
      try eventRow.execute(arguments: [id, LabelChange.Field.label.rawValue, label, actor, run, reason, time])
    }
    try eventRow.execute(arguments: [
      id, LabelChange.Field.split.rawValue, sample.split.rawValue, actor, run, reason, time,
    ])
    return id
  }
}
