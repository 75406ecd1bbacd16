import Foundation
import GRDB

/// Reads FER2013's csv and its relatives: a row is a picture, its pixels written as numbers.
///
/// Columns `emotion`, `pixels` and `Usage` in any order, with a header or without; only `pixels` is needed. The pictures
/// are square and all of one size, that of the first row whose pixels make a square. The key of a row is `row-0000123`:
/// its number among the data rows, counted from 0; rejected rows count too, so that a key always means the same row. Of a
/// row that is there already, nothing changes.
public enum FERCSV: Ingestor {
  /// The name used by `--format`.
  public static let name = "fer-csv"
  /// What it reads.
  public static let summary = "FER2013 csv: emotion,pixels,Usage"

  /// The key of a row of the csv, without the prefix of its source.
  public static func key(row: Int) -> String {
    let digits = String(row)
    return "row-" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
  }

  /// Whether the first line is a header with `pixels`, or a row of pixels.
  public static func recognises(_ source: IngestSource) throws -> Bool {
    guard !source.isFolder else { return false }
    let start = try source.start()
    return start.withUnsafeBytes { bytes in
      let line = bytes.prefix { $0 != 0x0a && $0 != 0x0d }
      return (try? FERCSVColumns(firstLine: UnsafeRawBufferPointer(rebasing: line), name: source.name)) != nil
    }
  }

  /// Reads the rows; see `Ingest.run`.
  public static func ingest(
    _ source: IngestSource, into store: DatasetStore, options: IngestOptions, progress: Progress?
  ) throws -> SourceReport {
    guard !source.isFolder else { throw CurationError.notACSV(source.name, found: "a folder") }
    let lines = LineReader(try source.stream())
    guard let first = try lines.next() else { throw CurationError.emptySource(source.name) }
    let columns = try FERCSVColumns(firstLine: first, name: source.name)
    // The line stays where it is until the next one is asked for, which the reading thread does.
    nonisolated(unsafe) let unread = (lines: lines, first: columns.hasHeader ? nil : first)
    return try store.write { db in
      let row = try SourceRow.findOrInsert(db, name: source.name, kind: name)
      let writer = try SourceWriter(db, source: row, options: options) { ClassNames.fer }
      if !columns.others.isEmpty { writer.note("not read: \(columns.others.joined(separator: ", "))") }
      let context = FERCSVReader.Context(
        columns: columns, classes: writer.classes, split: options.split, file: source.name)
      var rows = 0
      try pipelined { emit in
        var reader = FERCSVReader(context)
        if let first = unread.first { try reader.read(first, emit: emit) }
        while let line = try unread.lines.next() { try reader.read(line, emit: emit) }
        try reader.finish(emit: emit)
      } consume: { (batch: [FERCSVReader.Item]) in
        for item in batch { try take(item, writer: writer) }
        rows += batch.count
        try progress?(rows, nil)
      }
      try progress?(rows, rows)
      return try writer.finish(items: rows)
    }
  }

  private static func take(_ item: FERCSVReader.Item, writer: SourceWriter) throws {
    switch item {
    case .row(let row, let sample): try writer.add(sample, item: "row \(row)")
    case .rejected(let row, let reason): writer.reject(item: "row \(row)", reason: reason)
    }
  }
}
