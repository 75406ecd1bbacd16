import Foundation

/// Reads the lines of a FER csv, in batches, without the dataset: it can run on a thread of its own.
struct FERCSVReader {
  /// A row that was read, or why it could not be.
  enum Item: Sendable {
    case row(Int, NewSample)
    case rejected(row: Int, reason: String)
  }

  /// What is known before the first row.
  struct Context: Sendable {
    var columns: FERCSVColumns
    var classes: ClassNames
    var split: Split?
    var file: String
  }

  /// Rows of one batch.
  static let batchSize = 256

  private let context: Context
  private var parser: FERCSVRow
  /// The height and width of the pictures; 0 until a row has told them.
  private var side = 0
  private var blankLines = 0
  /// Data rows so far.
  private var rows = 0
  private var batch: [Item] = []

  init(_ context: Context) {
    self.context = context
    parser = Self.parser(context, side: 0)
  }

  /// Reads a line; hands on a batch when one is full.
  mutating func read(_ line: UnsafeRawBufferPointer, emit: ([Item]) throws -> Void) throws {
    if line.isEmpty {
      // Blank lines at the end are no rows; one in between stands where a row was lost.
      blankLines += 1
      return
    }
    for _ in 0..<blankLines { reject("row \(rows) of \(context.file) is blank") }
    blankLines = 0
    if side == 0 { learnSize(from: line) }
    do throws(FERCSVRow.Failure) {
      try parser.read(line, index: rows)
      batch.append(.row(rows, sample()))
      rows += 1
    } catch {
      reject(error.reason)
    }
    if batch.count >= Self.batchSize { try finish(emit: emit) }
  }

  /// Hands on the last rows.
  mutating func finish(emit: ([Item]) throws -> Void) throws {
    if !batch.isEmpty { try emit(batch) }
    batch.removeAll(keepingCapacity: true)
  }

  /// Learns the size of the pictures from the first row whose pixels make a square.
  private mutating func learnSize(from line: UnsafeRawBufferPointer) {
    let fields = CSVFields.split(line)
    let pixels = context.columns.pixels
    guard fields.indices.contains(pixels), let count = try? PixelList.count(fields[pixels]) else { return }
    let root = Int(Double(count).squareRoot().rounded())
    guard root >= FERCSVRow.smallestSide, root * root == count else { return }
    side = root
    parser = Self.parser(context, side: root)
  }

  private static func parser(_ context: Context, side: Int) -> FERCSVRow {
    FERCSVRow(
      columns: context.columns, classes: context.classes, split: context.split, pixelCount: side * side,
      file: context.file)
  }

  private func sample() -> NewSample {
    let hash = parser.pixels.withUnsafeBytes { PixelHash.of($0, width: side, height: side, channels: 1) }
    return NewSample(
      key: FERCSV.key(row: rows), split: parser.split, label: parser.label, width: side, height: side, channels: 1,
      encoding: .gray8, pixelHash: hash, source: 0, bytes: Data(parser.pixels))
  }

  private mutating func reject(_ reason: String) {
    batch.append(.rejected(row: rows, reason: reason))
    rows += 1
  }
}
