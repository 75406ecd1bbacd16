import Foundation
import GRDB

/// Reads the votes of FER+: what ten people called each picture of FER2013.
///
/// Row `i` belongs to row `i` of the csv that has as many rows, first of all of one that the same command ingested; the
/// names in `Image name` are not unique and are not used. A row without any vote says nothing about its picture. Columns
/// named after a class of the dataset, or by a synonym of it, take the class's name; `contempt`, `unknown` and `NF` (not
/// a face) keep theirs.
/// Source: Barsoum et al., "Training deep networks for facial expression recognition with crowd-sourced label
/// distribution" (2016).
public enum FERPlusVotes: Ingestor {
  /// The name used by `--format`.
  public static let name = "ferplus-votes"
  /// What it reads.
  public static let summary = "FER+ votes, joined with the rows of a FER2013 csv"
  /// The most votes for one class of one picture: more are a slip, and their sums could grow beyond an integer.
  static let mostVotes = 1_000_000

  /// Whether the first line is the header of FER+.
  public static func recognises(_ source: IngestSource) throws -> Bool {
    guard !source.isFolder else { return false }
    let line = try source.start().prefix { $0 != 0x0a && $0 != 0x0d }
    // What is no csv at all is for others to explain.
    return (try? CSVTable(Array(line), name: source.name)).flatMap(voteColumns) != nil
  }

  /// Reads the votes; `added` counts samples whose votes are new, see `Ingest.run`.
  ///
  /// - Throws: `CurationError.noRowsToJoin`, `.voteRowCount`, `.ambiguousVotes` or `.unclosedQuote`.
  public static func ingest(
    _ source: IngestSource, into store: DatasetStore, options: IngestOptions, progress: Progress?
  ) throws -> SourceReport {
    let table = try read(source)
    guard let columns = voteColumns(table) else {
      throw CurationError.wrongColumns(
        source.name, found: Array(table.columns.prefix(12)),
        wanted: "Usage, Image name, neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, unknown, NF")
    }
    return try store.write { db in
      let joined = try JoinedCSV(db, rows: table.rows.count, votes: source)
      let row = try SourceRow.findOrInsert(db, name: source.name, kind: name)
      let writer = try VoteWriter(db, source: row, columns: columns.map { ($0, table.columns[$0]) })
      if joined.isOneOfSeveral { writer.note("joined with the rows of \(joined.name)") }
      for (index, fields) in table.rows.enumerated() {
        if index % 1024 == 0 { try progress?(index, table.rows.count) }
        try writer.add(fields, row: index, key: joined.keyPrefix + FERCSV.key(row: index))
      }
      try progress?(table.rows.count, table.rows.count)
      return try writer.finish(items: table.rows.count)
    }
  }

  private static func read(_ source: IngestSource) throws -> CSVTable {
    guard !source.isFolder else { throw CurationError.notACSV(source.name, found: "a folder") }
    let stream = try source.stream()
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while case let count = try chunk.withUnsafeMutableBytes({ try stream.read(into: $0) }), count > 0 {
      bytes += chunk.prefix(count)
    }
    if bytes.isEmpty { throw CurationError.emptySource(source.name) }
    return try CSVTable(bytes, name: source.name)
  }

  /// The positions of the columns of votes; nil when this is no file of FER+.
  private static func voteColumns(_ table: CSVTable) -> [Int]? {
    guard table.column("neutral") != nil, table.column("nf") != nil, table.column("pixels") == nil else { return nil }
    let others = ["usage", "image name"]
    return table.columns.indices.filter { !others.contains(table.columns[$0].lowercased()) }
  }
}

/// The csv whose rows votes are about.
private struct JoinedCSV {
  let name: String
  let keyPrefix: String
  /// Whether the dataset has other csvs too.
  let isOneOfSeveral: Bool

  /// Finds the csv that has as many rows as the votes: the one that came with them, else the only one.
  ///
  /// - Throws: `CurationError.noRowsToJoin` or `.voteRowCount`; `.ambiguousVotes` when several fit, because votes on
  ///   the wrong pictures would look like any others.
  init(_ db: Database, rows: Int, votes: IngestSource) throws {
    let all = try Row.fetchAll(
      db, sql: "SELECT name, keyPrefix, items FROM source WHERE kind = ? ORDER BY id", arguments: [FERCSV.name])
    let companions = votes.companions.filter { $0.kind == FERCSV.name }.map(\.name)
    let besides = all.filter { companions.contains($0[0]) }
    guard let likeliest = besides.first ?? all.first else { throw CurationError.noRowsToJoin(votes.name) }
    let fitting = [besides, all].map { $0.filter { $0[2] == rows } }.first { !$0.isEmpty } ?? []
    guard let match = fitting.first else {
      throw CurationError.voteRowCount(votes.name, rows: rows, source: likeliest[0], sourceRows: likeliest[2])
    }
    guard fitting.count == 1 else { throw CurationError.ambiguousVotes(votes.name, sources: fitting.map { $0[0] }) }
    name = match[0]
    keyPrefix = match[1]
    isOneOfSeveral = all.count > 1
  }
}

/// Writes votes inside one transaction.
private final class VoteWriter {
  private let db: Database
  private let source: SourceRow
  private let columns: [(position: Int, title: String, name: String)]
  private var report: SourceReport
  private var changed = 0

  init(_ db: Database, source: SourceRow, columns: [(Int, String)]) throws {
    self.db = db
    self.source = source
    let classes = ClassNames(try String.fetchAll(db, sql: "SELECT name FROM class ORDER BY id"))
    self.columns = columns.map { ($0, $1, classes.name(for: $1) ?? $1) }
    report = SourceReport(name: source.name, kind: source.kind, added: 0, unchanged: 0, rejected: [], notes: [])
  }

  func add(_ fields: [String], row: Int, key: String) throws {
    var votes: Votes = [:]
    for column in columns {
      let text = fields.indices.contains(column.position) ? fields[column.position].trimmed : ""
      guard let count = Int(text), (0...FERPlusVotes.mostVotes).contains(count) else {
        let problem = CurationError.badVote(source.name, row: row, column: column.title, value: text)
        report.rejected.append(Rejection(item: "row \(row)", reason: problem.description))
        return
      }
      if count > 0 { votes[column.name, default: 0] += count }
    }
    // Without votes nothing is known; a row that was rejected from the csv has no sample to vote on.
    guard !votes.isEmpty, let sample = try sample(key) else { return }
    let present = try presentVotes(sample)
    if present == votes {
      report.unchanged += 1
      return
    }
    if !present.isEmpty {
      changed += 1
      try db.cachedStatement(sql: "DELETE FROM vote WHERE sample = ?").execute(arguments: [sample])
    }
    let insert = try db.cachedStatement(sql: "INSERT INTO vote (sample, class, count) VALUES (?, ?, ?)")
    for (name, count) in votes { try insert.execute(arguments: [sample, name, count]) }
    report.added += 1
  }

  func note(_ text: String) {
    report.notes.append(text)
  }

  func finish(items: Int) throws -> SourceReport {
    if changed > 0 { report.notes.append("the votes of \(changed) samples were replaced") }
    try SourceWriter.record(db, source: source, items: items, rejections: report.rejected)
    if report.added > 0 {
      let run = try Run.insert(db, kind: "ingest", recipe: json(["source": source.name, "kind": source.kind]))
      try Run.update(
        db, run.id, finished: timestamp(),
        outcome: "votes of \(report.added) samples, \(report.rejected.count) rows rejected")
    }
    return report
  }

  private func sample(_ key: String) throws -> Int64? {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT id FROM sample WHERE key = ?"), arguments: [key])
  }

  private func presentVotes(_ sample: Int64) throws -> Votes {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT class, count FROM vote WHERE sample = ?"), arguments: [sample])
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
  }
}
