/// A table as `table.mustache` draws it: text on the left, numbers on the right.
struct Table {
  /// The heading of a column.
  struct Column {
    let name: String
    let isNumber: Bool

    static func text(_ name: String) -> Column { Column(name: name, isNumber: false) }
    static func number(_ name: String) -> Column { Column(name: name, isNumber: true) }
  }

  /// One cell.
  struct Cell {
    /// What a cell stands out by.
    enum Tone: String {
      case plain = ""
      case strong, muted, better, worse
    }

    let text: String
    /// Classes of the cell.
    let style: String
    /// Length of a bar beside the number, in percent of the longest.
    let bar: String?

    /// A cell of words.
    static func text(_ text: String, _ tone: Tone = .plain) -> Cell {
      Cell(text: text, style: tone.rawValue, bar: nil)
    }

    /// A cell with a number; `bar` (from 0 to 1) draws its size beside it.
    static func number(_ text: String, _ tone: Tone = .plain, bar: Double? = nil) -> Cell {
      let length = bar.flatMap { $0.isFinite ? SVGText.number(min(1, max(0, $0)) * 100) : nil }
      return Cell(text: text, style: tone == .plain ? "number" : "number " + tone.rawValue, bar: length)
    }

    /// A cell with the difference of two values, coloured by whether it is one for the better.
    static func change(_ value: Double?, text: String, betterIsLess: Bool = false) -> Cell {
      guard let value, value.isFinite, text.contains(where: { ("1"..."9").contains($0) }) else {
        return number(text, .muted)
      }
      return number(text, (value < 0) == betterIsLess ? .better : .worse)
    }
  }

  /// One row; `style` sets it apart: `total`, or `open` when it belongs to the row below.
  struct Row {
    let cells: [Cell]
    let style: String?
  }

  let caption: String?
  let columns: [Column]
  let rows: [Row]

  /// Makes a table; rows whose position is in `openRows` are not ruled off from the row below.
  init(
    _ caption: String? = nil, columns: [Column], rows: [[Cell]], openRows: Set<Int> = [], total: [Cell]? = nil
  ) {
    self.caption = caption
    self.columns = columns
    self.rows =
      rows.enumerated().map { Row(cells: $1, style: openRows.contains($0) ? "open" : nil) }
      + (total.map { [Row(cells: $0, style: "total")] } ?? [])
  }
}
