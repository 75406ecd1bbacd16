#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which column of a FER csv holds what: from its header, or from its first row when it has none.
struct FERCSVColumns: Equatable {
  var pixels: Int
  var label: Int?
  var usage: Int?
  /// Fields of a row.
  var count: Int
  /// Whether the first line is a header.
  var hasHeader: Bool
  /// Columns of the header that are not read.
  var others: [String]

  /// Finds the columns.
  ///
  /// - Throws: `CurationError.wrongColumns`, or `.notACSV` when the line belongs to no csv at all.
  init(firstLine line: UnsafeRawBufferPointer, name: String) throws {
    let fields = CSVFields.split(line)
    if let pixels = fields.firstIndex(where: Self.looksLikePixels) {
      self.init(row: fields, pixels: pixels)
      return
    }
    let names = fields.map { String(decoding: $0, as: UTF8.self).trimmed }
    let lower = names.map { $0.lowercased() }
    guard let pixels = lower.firstIndex(of: "pixels") else {
      let looks = ContentSniffer.describe(Array(line.prefix(512)))
      if looks != "text" { throw CurationError.notACSV(name, found: looks) }
      throw CurationError.wrongColumns(
        name, found: names.prefix(12).map { String($0.prefix(40)) },
        wanted: "emotion, pixels and Usage, or at least pixels")
    }
    let label = lower.firstIndex { ["emotion", "label", "class"].contains($0) }
    let usage = lower.firstIndex { ["usage", "split"].contains($0) }
    let used = [pixels, label, usage]
    self.init(
      pixels: pixels, label: label, usage: usage, count: names.count, hasHeader: true,
      others: names.indices.filter { !used.contains($0) }.map { names[$0] })
  }

  private init(pixels: Int, label: Int?, usage: Int?, count: Int, hasHeader: Bool, others: [String]) {
    self.pixels = pixels
    self.label = label
    self.usage = usage
    self.count = count
    self.hasHeader = hasHeader
    self.others = others
  }

  /// Without a header: the split is what reads like one, the label is what is left.
  private init(row: [UnsafeRawBufferPointer], pixels: Int) {
    let usage = row.indices.first {
      $0 != pixels && FERCSVRow.split(String(decoding: row[$0], as: UTF8.self)) != nil
    }
    let label = row.indices.first { $0 != pixels && $0 != usage }
    self.init(pixels: pixels, label: label, usage: usage, count: row.count, hasHeader: false, others: [])
  }

  private static func looksLikePixels(_ field: UnsafeRawBufferPointer) -> Bool {
    guard field.count >= 31, field.allSatisfy({ $0 == 0x20 || (0x30...0x39).contains($0) }) else { return false }
    return field.reduce(0) { $1 == 0x20 ? $0 + 1 : $0 } >= 15
  }
}

/// Cuts a line of a csv at its commas.
///
/// Fields may be quoted; a quoted field keeps what stands between its quotes.
enum CSVFields {
  static func split(_ line: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
    var fields: [UnsafeRawBufferPointer] = []
    fields.reserveCapacity(4)
    var start = 0
    while true {
      while start < line.count, line[start] == 0x20 { start += 1 }
      if start < line.count, line[start] == 0x22 {
        let close = line[(start + 1)...].firstIndex(of: 0x22) ?? line.count
        fields.append(UnsafeRawBufferPointer(rebasing: line[min(start + 1, close)..<close]))
        start = line[close...].firstIndex(of: 0x2c) ?? line.count
      } else {
        let comma = find(0x2c, in: line, from: start)
        var end = comma
        while end > start, line[end - 1] == 0x20 { end -= 1 }
        fields.append(UnsafeRawBufferPointer(rebasing: line[start..<end]))
        start = comma
      }
      if start >= line.count { return fields }
      start += 1
      if start == line.count {
        fields.append(UnsafeRawBufferPointer(rebasing: line[start..<start]))
        return fields
      }
    }
  }

  private static func find(_ byte: UInt8, in line: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard start < line.count, let base = line.baseAddress,
      let found = memchr(base + start, Int32(byte), line.count - start)
    else { return line.count }
    return UnsafeRawPointer(found) - base
  }
}
