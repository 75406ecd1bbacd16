/// A small csv in memory, header first: metadata and votes.
///
/// Pixels go through `LineReader` instead. Fields may be quoted as RFC 4180 has it: a quoted field may contain commas, line ends and doubled quotes.
struct CSVTable: Equatable {
  /// The names of the columns.
  let columns: [String]
  /// The fields of the rows; a row may have more or fewer fields than there are columns.
  let rows: [[String]]

  init(_ bytes: [UInt8]) {
    var records = Self.records(bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...])
    columns = records.isEmpty ? [] : records.removeFirst().map(\.trimmed)
    while records.last == [""] { records.removeLast() }
    rows = records
  }

  /// The position of the column of this name, whatever its case.
  func column(_ name: String) -> Int? {
    columns.firstIndex { $0.lowercased() == name }
  }

  /// The fields of a line of a csv, with the quotes they need.
  static func line(_ fields: [String]) -> String {
    fields.map { field in
      let needsQuotes = field.utf8.contains { [0x2c, 0x22, 0x0a, 0x0d].contains($0) }
      return needsQuotes ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
    }.joined(separator: ",") + "\n"
  }

  private static func records(_ bytes: ArraySlice<UInt8>) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var position = bytes.startIndex
    func endField() {
      record.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    while position < bytes.endIndex {
      let byte = bytes[position]
      let next = position + 1
      if isQuoted {
        if byte != 0x22 {
          field.append(byte)
        } else if next < bytes.endIndex, bytes[next] == 0x22 {
          field.append(byte)
          position += 1
        } else {
          isQuoted = false
        }
      } else if byte == 0x22, field.isEmpty {
        isQuoted = true
      } else if byte == 0x2c {
        endField()
      } else if byte == 0x0a {
        if field.last == 0x0d { field.removeLast() }
        endField()
        records.append(record)
        record = []
      } else {
        field.append(byte)
      }
      position += 1
    }
    if !field.isEmpty || !record.isEmpty {
      if field.last == 0x0d { field.removeLast() }
      endField()
      records.append(record)
    }
    return records
  }
}
