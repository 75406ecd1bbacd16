/// Comma-separated values as RFC 4180 writes them, with plain line ends.
enum CSVText {
  /// One record with its line end; cells with commas, quotes or line ends are quoted.
  static func record(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\n" }

  /// A table: its header and its records.
  static func table(header: [String], rows: some Sequence<[String]>) -> String {
    rows.reduce(into: record(header)) { $0 += record($1) }
  }

  private static func cell(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    guard needsQuotes else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
