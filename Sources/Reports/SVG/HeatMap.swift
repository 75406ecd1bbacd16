/// A table of counts whose cells are the darker the larger their share of the row is.
public struct HeatMap: Chart {
  /// Which share makes a cell fully coloured.
  public enum Shade: Sendable, Hashable {
    /// A cell that holds its whole row: for confusion, where tables must be comparable.
    case wholeRow
    /// The largest share of the table: for noise, where all shares are small.
    case largest
  }

  /// What the chart shows, in a few words.
  public let title: String
  /// What there is to see, in a sentence.
  public let summary: String
  /// The table.
  public var matrix: ReportContent.LabelMatrix
  /// What the rows are: `truth`.
  public var rowsName: String
  /// What the columns are: `prediction`.
  public var columnsName: String
  /// Which share makes a cell fully coloured.
  public var shade: Shade
  /// What a row's counts are divided by; nil for the sum of the row.
  public var rowTotals: [Int]?

  /// Creates a chart.
  public init(
    title: String, summary: String, matrix: ReportContent.LabelMatrix, rowsName: String, columnsName: String,
    shade: Shade = .wholeRow, rowTotals: [Int]? = nil
  ) {
    self.title = title
    self.summary = summary
    self.matrix = matrix
    self.rowsName = rowsName
    self.columnsName = columnsName
    self.shade = shade
    self.rowTotals = rowTotals
  }

  /// The natural width; it grows with the columns, so that every cell can be read.
  public var width: Double { Layout(matrix).width }

  /// The drawing.
  public var svg: String {
    let layout = Layout(matrix)
    var canvas = SVGCanvas(
      width: layout.width, height: layout.top + layout.cellHeight * Double(matrix.rows.count) + 2)
    canvas.text("\(rowsName) ↓   \(columnsName) →", x: 0, y: 11, style: "muted")
    for (column, name) in matrix.columns.enumerated() {
      let x = layout.left + (Double(column) + 0.5) * layout.cellWidth
      if layout.isTilted {
        canvas.tiltedText(
          SVGText.fitted(name, width: Layout.longestName, size: 10.5), x: x - 2, y: layout.top - 6,
          style: "small name", tooltip: name)
      } else {
        canvas.text(name, x: x, y: layout.top - 6, anchor: .middle, style: "small name")
      }
    }
    let strongest = shade == .wholeRow ? 1 : max(1e-9, shares.flatMap { $0 }.max() ?? 1)
    for (row, name) in matrix.rows.enumerated() {
      let y = layout.top + Double(row) * layout.cellHeight
      canvas.text(
        SVGText.fitted(name, width: layout.left - 10, size: 12), x: layout.left - 8, y: y + layout.cellHeight / 2 + 4,
        anchor: .end, style: "name", tooltip: name)
      for column in matrix.columns.indices {
        drawCell(
          row: row, column: column, x: layout.left + Double(column) * layout.cellWidth, y: y, width: layout.cellWidth,
          height: layout.cellHeight,
          strength: min(1, shares[row][column] / strongest), on: &canvas)
      }
    }
    return canvas.drawing(title: title, summary: summary)
  }

  /// The share every cell has in its row.
  var shares: [[Double]] {
    matrix.rows.indices.map { row in
      let counts = matrix.columns.indices.map { max(0, matrix[row, $0]) }
      let given = rowTotals.flatMap { $0.indices.contains(row) ? $0[row] : nil }
      let total = max(given ?? 0, counts.reduce(0, +))
      return counts.map { total > 0 ? Double($0) / Double(total) : 0 }
    }
  }

  private func drawCell(
    row: Int, column: Int, x: Double, y: Double, width: Double, height: Double, strength: Double,
    on canvas: inout SVGCanvas
  ) {
    let count = matrix[row, column]
    let share = NumberFormat.percent(shares[row][column], digits: shares[row][column] < 0.0995 ? 1 : 0)
    canvas.rectangle(x: x + 1, y: y + 1, width: width - 2, height: height - 2, radius: 2, style: "cell")
    canvas.rectangle(
      x: x + 1, y: y + 1, width: width - 2, height: height - 2, radius: 2, style: "fill-accent", opacity: strength,
      tooltip: "\(matrix.rows[row]) → \(matrix.columns[column]): \(NumberFormat.count(count)), \(share)")
    guard count != 0 else { return }
    // At which level the text changes from ink to paper differs in light and dark: the styles decide.
    let level = " level-\(Int(strength * 10))"
    canvas.text(
      NumberFormat.count(count), x: x + width / 2, y: y + height / 2 - 1, anchor: .middle, style: "count" + level)
    canvas.text(share, x: x + width / 2, y: y + height / 2 + 11, anchor: .middle, style: "share" + level)
  }

  /// Where the cells stand.
  private struct Layout {
    /// Space for a name of a row or a column; longer ones are abbreviated.
    static let longestName = 100.0

    let left: Double
    let top: Double
    let cellWidth: Double
    let cellHeight: Double
    /// Whether the names of the columns are too long to stand side by side.
    let isTilted: Bool
    let width: Double

    init(_ matrix: ReportContent.LabelMatrix) {
      let rowNames = matrix.rows.map { SVGText.width(of: $0, size: 12) }.max() ?? 0
      let columnNames = matrix.columns.map { SVGText.width(of: $0, size: 10.5) }.max() ?? 0
      left = min(rowNames, Self.longestName) + 10
      cellWidth = max(36, min(52, (440 - left) / Double(max(1, matrix.columns.count))))
      cellHeight = min(cellWidth, 40)
      isTilted = columnNames > cellWidth - 2
      let rise = min(columnNames, Self.longestName) * 0.71
      top = 16 + (isTilted ? rise + 10 : 18)
      let overhang = isTilted ? rise - cellWidth / 2 + 8 : 0
      width = max(120, left + cellWidth * Double(matrix.columns.count) + max(2, overhang))
    }
  }
}
