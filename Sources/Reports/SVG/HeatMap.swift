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

  /// Above this strength of colour the text of a cell changes from ink to paper.
  private static let inkChange = 0.55

  /// The drawing.
  public var svg: String {
    let names = matrix.rows.map { SVGText.width(of: $0, size: 12) }.max() ?? 0
    let left = min(names, 110) + 10
    let cell = max(36, min(52, (440 - left) / Double(max(1, matrix.columns.count))))
    let height = min(cell, 40)
    let columnNames = matrix.columns.map { SVGText.width(of: $0, size: 10.5) }.max() ?? 0
    let isTilted = columnNames > cell - 2
    let top = 16 + (isTilted ? min(columnNames, 90) * 0.71 + 10 : 18)
    let overhang = isTilted ? min(columnNames, 90) * 0.71 - cell / 2 + 8 : 0
    let width = left + cell * Double(matrix.columns.count) + max(2, overhang)

    var canvas = SVGCanvas(width: width, height: top + height * Double(matrix.rows.count) + 2)
    canvas.text(
      "\(rowsName) ↓   \(columnsName) →", x: 0, y: 11, style: "muted")
    for (column, name) in matrix.columns.enumerated() {
      let x = left + (Double(column) + 0.5) * cell
      let fitted = SVGText.fitted(name, width: isTilted ? 90 : cell, size: 10.5)
      if isTilted {
        canvas.tiltedText(fitted, x: x - 2, y: top - 6, style: "small name", tooltip: name)
      } else {
        canvas.text(fitted, x: x, y: top - 6, anchor: .middle, style: "small name", tooltip: name)
      }
    }
    let strongest = shade == .wholeRow ? 1 : max(1e-9, shares.flatMap { $0 }.max() ?? 1)
    for (row, name) in matrix.rows.enumerated() {
      let y = top + Double(row) * height
      canvas.text(
        SVGText.fitted(name, width: left - 10, size: 12), x: left - 8, y: y + height / 2 + 4, anchor: .end,
        style: "name", tooltip: name)
      for column in matrix.columns.indices {
        drawCell(
          row: row, column: column, x: left + Double(column) * cell, y: y, width: cell, height: height,
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
    let ink = strength > Self.inkChange ? " strong" : ""
    canvas.text(
      NumberFormat.count(count), x: x + width / 2, y: y + height / 2 - 1, anchor: .middle, style: "count" + ink)
    canvas.text(share, x: x + width / 2, y: y + height / 2 + 11, anchor: .middle, style: "share" + ink)
  }
}
