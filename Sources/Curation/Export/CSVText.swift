/// Comma-separated values as RFC 4180 writes them, with plain line ends; `CSVTable` reads them again.
///
/// It works on Unicode scalars: as a `Character`, a quote followed by a combining accent is not a quote, but for
/// whoever reads the file it is.
public enum CSVText {
  /// One record with its line end; cells with commas, quotes or line ends are quoted.
  public static func record(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\n" }

  /// A table: its header and its records.
  public static func table(header: [String], rows: some Sequence<[String]>) -> String {
    rows.reduce(into: record(header)) { $0 += record($1) }
  }

  private static func cell(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    guard needsQuotes else { return text }
    var quoted = String.UnicodeScalarView()
    quoted.append("\"")
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }
}
