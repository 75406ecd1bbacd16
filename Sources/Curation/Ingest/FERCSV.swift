import Foundation
import GRDB

/// Reads FER2013's csv and its relatives: a row is a picture, its pixels written as numbers.
///
/// Columns `emotion`, `pixels` and `Usage` in any order, with a header or without; only `pixels` is needed. The pictures
/// are square and all of one size. The key of a row is `row-0000123`: its number among the data rows, counted from 0;
/// rejected rows count too, so that a key always means the same row. Of a row that is there already, nothing changes.
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
    return try store.write { db in
      let row = try SourceRow.findOrInsert(db, name: source.name, kind: name)
      let writer = try SourceWriter(db, source: row, options: options) { ClassNames.fer }
      if !columns.others.isEmpty { writer.note("not read: \(columns.others.joined(separator: ", "))") }
      var reader = FERCSVReader(columns: columns, writer: writer, options: options, file: source.name)
      if !columns.hasHeader { try reader.read(first) }
      while let line = try lines.next() {
        try reader.read(line)
        if reader.rows % 512 == 0 { try progress?(reader.rows, nil) }
      }
      try progress?(reader.rows, reader.rows)
      return try writer.finish(items: reader.rows)
    }
  }
}

/// Takes the lines of a FER csv one by one into the dataset.
private struct FERCSVReader {
  let columns: FERCSVColumns
  let writer: SourceWriter
  let options: IngestOptions
  let file: String
  /// Data rows so far.
  private(set) var rows = 0
  private var blankLines = 0
  private var row: FERCSVRow?
  private var side = 0

  init(columns: FERCSVColumns, writer: SourceWriter, options: IngestOptions, file: String) {
    self.columns = columns
    self.writer = writer
    self.options = options
    self.file = file
  }

  mutating func read(_ line: UnsafeRawBufferPointer) throws {
    if line.isEmpty {
      // Blank lines at the end are no rows; one in between stands where a row was lost.
      blankLines += 1
      return
    }
    for _ in 0..<blankLines { reject("row \(rows) of \(file) is blank") }
    blankLines = 0
    if row == nil { start(with: line) }
    do throws(FERCSVRow.Failure) {
      try row?.read(line, index: rows)
    } catch {
      reject(error.reason)
      return
    }
    if let row { try add(row) }
    rows += 1
  }

  /// Learns the size of the pictures from the first row: FER2013's 48 x 48, unless it is another square.
  private mutating func start(with line: UnsafeRawBufferPointer) {
    let fields = CSVFields.split(line)
    let count = fields.indices.contains(columns.pixels) ? try? PixelList.count(fields[columns.pixels]) : nil
    let root = Int(Double(count ?? 0).squareRoot().rounded())
    side = root >= 8 && root * root == count ? root : 48
    row = FERCSVRow(
      columns: columns, classes: writer.classes, split: options.split, pixelCount: side * side, file: file)
  }

  private func add(_ row: FERCSVRow) throws {
    let hash = row.pixels.withUnsafeBytes { PixelHash.of($0, width: side, height: side, channels: 1) }
    try writer.add(
      NewSample(
        key: FERCSV.key(row: rows), split: row.split, label: row.label, width: side, height: side, channels: 1,
        encoding: .gray8, pixelHash: hash, source: 0, bytes: Data(row.pixels)),
      item: "row \(rows)")
  }

  private mutating func reject(_ reason: String) {
    writer.reject(item: "row \(rows)", reason: reason)
    rows += 1
  }
}
