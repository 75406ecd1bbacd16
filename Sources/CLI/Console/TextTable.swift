/// A table of text for the terminal: columns aligned, numbers to the right, two blanks between columns.
struct TextTable {
  /// The names of the columns.
  var header: [String]
  /// The cells; a short row is filled with blanks.
  var rows: [[String]] = []
  /// Rows set apart below a rule: totals.
  var footer: [[String]] = []

  /// The table, its lines without trailing blanks, without a final line end.
  var text: String {
    let body = rows + footer
    let columns = max(header.count, body.map(\.count).max() ?? 0)
    let widths = (0..<columns).map { column in
      ([header] + body).map { cell($0, column).count }.max() ?? 0
    }
    let numeric = (0..<columns).map { column in
      let cells = body.map { cell($0, column) }.filter { !$0.isEmpty }
      return !cells.isEmpty && cells.allSatisfy(Self.isNumber)
    }
    func line(_ row: [String]) -> String {
      let padded = (0..<columns).map { column in
        let text = cell(row, column)
        let blanks = String(repeating: " ", count: widths[column] - text.count)
        return numeric[column] ? blanks + text : text + blanks
      }
      return trimmingEnd(padded.joined(separator: "  "))
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
    var lines = [line(header), rule] + rows.map(line)
    if !footer.isEmpty { lines += [rule] + footer.map(line) }
    return lines.joined(separator: "\n")
  }

  private func cell(_ row: [String], _ column: Int) -> String { column < row.count ? row[column] : "" }

  private func trimmingEnd(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }

  /// A cell counts as a number when it starts like one and holds no words: `1,234`, `-0.5`, `12.3 %`, a lone dash.
  static func isNumber(_ cell: String) -> Bool {
    if cell == "–" { return true }
    return cell.contains { $0.isASCII && $0.isNumber } && cell.allSatisfy { "0123456789.,+-% ".contains($0) }
  }
}

extension TextTable {
  /// The same table in Markdown; numbers to the right, the footer as further rows.
  var markdown: String {
    let body = rows + footer
    let rule = header.indices.map { column in
      body.allSatisfy { column >= $0.count || $0[column].isEmpty || Self.isNumber($0[column]) } ? "---:" : "---"
    }
    return ([header, rule] + body).map { row in
      "| "
        + row.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
        .joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }
}
