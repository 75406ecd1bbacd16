/// A small csv in memory, header first: metadata, votes, decisions and truths.
///
/// Pixels go through `LineReader` instead. Lines end in LF, CRLF or CR. Fields may be quoted as RFC 4180 has it: a
/// quoted field may contain commas, line ends and doubled quotes.
package struct CSVTable: Equatable {
  /// The names of the columns.
  package let columns: [String]
  /// The fields of the rows; a row may have more or fewer fields than there are columns.
  package let rows: [[String]]

  /// Reads a table.
  ///
  /// - Parameter name: The name of the file, for messages.
  /// - Throws: `CurationError.unclosedQuote`: the rows behind such a quote would be lost in its field.
  package init(_ bytes: [UInt8], name: String) throws {
    var records: [[String]]
    do throws(CSVRecords.UnclosedQuote) {
      records = try CSVRecords(bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]).records
    } catch {
      throw CurationError.unclosedQuote(name, row: error.record == 0 ? nil : error.record - 1)
    }
    columns = records.isEmpty ? [] : records.removeFirst().map(\.trimmed)
    while records.last == [""] { records.removeLast() }
    rows = records
  }

  /// The position of the column of this name, whatever its case.
  package func column(_ name: String) -> Int? {
    columns.firstIndex { $0.lowercased() == name }
  }
}

/// Cuts the bytes of a csv into records, and these into fields.
private struct CSVRecords {
  private(set) var records: [[String]] = []
  private var record: [String] = []
  private var field: [UInt8] = []
  private var isQuoted = false
  /// Whether the quotes of the present field hold a line end.
  private var spansLines = false

  /// A quote that is never closed, or that only the next quoted field seems to close.
  struct UnclosedQuote: Error {
    /// The record in which it opens.
    var record: Int
  }

  init(_ bytes: ArraySlice<UInt8>) throws(UnclosedQuote) {
    var position = bytes.startIndex
    while position < bytes.endIndex {
      let byte = bytes[position]
      let next = position + 1 < bytes.endIndex ? bytes[position + 1] : nil
      if isQuoted {
        if byte == 0x22, next == 0x22 {
          field.append(byte)
          position += 1
        } else {
          readQuoted(byte)
        }
      } else if byte != 0x0d || next != 0x0a {
        // The LF of a CRLF ends the record.
        try readPlain(byte)
      }
      position += 1
    }
    if isQuoted { throw UnclosedQuote(record: records.count) }
    if !field.isEmpty || !record.isEmpty { endRecord() }
  }

  private mutating func readQuoted(_ byte: UInt8) {
    if byte == 0x22 {
      isQuoted = false
    } else {
      if byte == 0x0a || byte == 0x0d { spansLines = true }
      field.append(byte)
    }
  }

  private mutating func readPlain(_ byte: UInt8) throws(UnclosedQuote) {
    switch byte {
    case 0x22 where field.isEmpty: isQuoted = true
    case 0x2c: endField()
    case 0x0a, 0x0d: endRecord()
    case 0x20, 0x09: field.append(byte)
    default:
      // A letter behind a quote that closes lines below: it was to open there, and the one before was left open.
      if spansLines { throw UnclosedQuote(record: records.count) }
      field.append(byte)
    }
  }

  private mutating func endField() {
    record.append(String(decoding: field, as: UTF8.self))
    field.removeAll(keepingCapacity: true)
    spansLines = false
  }

  private mutating func endRecord() {
    endField()
    records.append(record)
    record = []
  }
}
