import Foundation
import GRDB

extension DatasetStore {
  /// Writes down that a step begins.
  ///
  /// - Parameters:
  ///   - kind: The step: `audit`, `resolve`, ...
  ///   - recipe: The effective recipe as a JSON document.
  ///   - seed: The seed of all its randomness.
  public func beginRun(kind: String, recipe: String = "{}", seed: UInt64? = nil) throws -> Run {
    try write { try Run.insert($0, kind: kind, recipe: recipe, seed: seed) }
  }

  /// Writes down that a step begins, with the recipe that it follows.
  public func beginRun(kind: String, recipe: some Encodable, seed: UInt64? = nil) throws -> Run {
    try beginRun(kind: kind, recipe: json(recipe), seed: seed)
  }

  /// Writes down that a step ended, and how.
  @discardableResult
  public func finish(_ run: Run, outcome: String = "done") throws -> Run {
    try write { try Run.update($0, run.id, finished: timestamp(), outcome: outcome) }
  }

  /// Writes down how far a step has come, so that it can go on from there; the run stays unfinished.
  @discardableResult
  public func note(_ run: Run, outcome: String) throws -> Run {
    try write { try Run.update($0, run.id, finished: nil, outcome: outcome) }
  }

  /// A run by its number.
  ///
  /// - Throws: `CurationError.noSuchRun`.
  public func run(_ id: Int64) throws -> Run { try read { try Run.fetch($0, id) } }

  /// All runs in order.
  public func runs() throws -> [Run] {
    try read { try Run.fetchAll($0) }
  }

  /// The last run of this kind; nil when there was none.
  public func lastRun(kind: String) throws -> Run? {
    try read { try Run.fetchAll($0, "WHERE kind = ?", [kind]).last }
  }
}

/// A JSON text with sorted keys: equal values give equal texts.
func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

extension Run {
  static func fetchAll(_ db: Database, _ clause: String = "", _ arguments: StatementArguments = []) throws -> [Run] {
    let sql = """
      SELECT id, kind, recipe, seed, version, started, finished, outcome, undoes FROM run \(clause) ORDER BY id
      """
    return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
      Run(
        id: row[0], kind: row[1], recipe: row[2], seed: (row[3] as Int64?).map(UInt64.init(bitPattern:)),
        version: row[4], started: row[5], finished: row[6], outcome: row[7], undoes: row[8])
    }
  }

  static func fetch(_ db: Database, _ id: Int64) throws -> Run {
    guard let run = try fetchAll(db, "WHERE id = ?", [id]).first else { throw CurationError.noSuchRun(id) }
    return run
  }

  static func insert(
    _ db: Database, kind: String, recipe: String, seed: UInt64? = nil, undoes: Int64? = nil
  ) throws -> Run {
    // SQLite's integers are signed: a seed keeps its bits.
    try db.execute(
      sql: "INSERT INTO run (kind, recipe, seed, version, started, undoes) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [kind, recipe, seed.map(Int64.init(bitPattern:)), ToolVersion.current, timestamp(), undoes])
    return try fetch(db, db.lastInsertedRowID)
  }

  @discardableResult
  static func update(_ db: Database, _ id: Int64, finished: String?, outcome: String) throws -> Run {
    try db.execute(
      sql: "UPDATE run SET finished = ?, outcome = ? WHERE id = ?", arguments: [finished, outcome, id])
    return try fetch(db, id)
  }
}
