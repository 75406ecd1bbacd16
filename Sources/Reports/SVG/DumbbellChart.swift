/// Two values a category and the way between them: what became better, what became worse.
public struct DumbbellChart: Chart {
  /// What the chart shows, in a few words.
  public let title: String
  /// What there is to see, in a sentence.
  public let summary: String
  /// What stands left of each line.
  public var categories: [String]
  /// One value a category: where it begins.
  public var before: [Double]
  /// What stands in the legend for the beginning.
  public var beforeName: String
  /// One value a category: where it ends.
  public var after: [Double]
  /// What stands in the legend for the end.
  public var afterName: String

  /// Creates a chart; values are shares, from 0 to 1.
  public init(
    title: String, summary: String, categories: [String], before: [Double], beforeName: String, after: [Double],
    afterName: String
  ) {
    self.title = title
    self.summary = summary
    self.categories = categories
    self.before = before
    self.beforeName = beforeName
    self.after = after
    self.afterName = afterName
  }

  /// The natural width.
  public var width: Double { 440 }

  /// The drawing.
  public var svg: String {
    let rowHeight = 24.0
    let legend = Legend(
      [
        .init(name: beforeName, color: .base, mark: .box), .init(name: afterName, color: .accent, mark: .box),
      ], width: width)
    let names = categories.map { SVGText.width(of: $0, size: 12) }.max() ?? 0
    let left = min(names, width * 0.34) + 12
    let rows = categories.indices.filter {
      $0 < before.count && $0 < after.count && before[$0].isFinite && after[$0].isFinite
    }
    let values = rows.flatMap { [before[$0], after[$0]] }
    let domain = Scale.niceDomain(of: values) ?? 0...1
    let x = Scale(domain, from: left + 6, to: width - 62)
    let bottom = legend.height + rowHeight * Double(rows.count)

    var canvas = SVGCanvas(width: width, height: bottom + 22)
    legend.draw(on: &canvas)
    let ticks = x.ticks(4)
    for (tick, text) in zip(ticks, ChartNumber.percent.axisTexts(ticks)) {
      canvas.line(x1: x(tick), y1: legend.height, x2: x(tick), y2: bottom, style: "grid")
      canvas.text(text, x: x(tick), y: bottom + 15, anchor: .middle, style: "tick")
    }
    for (position, row) in rows.enumerated() {
      let y = legend.height + (Double(position) + 0.5) * rowHeight
      let change = after[row] - before[row]
      canvas.text(
        SVGText.fitted(categories[row], width: left - 12, size: 12), x: left - 8, y: y + 4, anchor: .end,
        style: "name", tooltip: categories[row])
      canvas.line(x1: x(before[row]), y1: y, x2: x(after[row]), y2: y, style: change < 0 ? "way worse" : "way")
      canvas.circle(
        x: x(before[row]), y: y, radius: 4.5, style: "fill-base",
        tooltip: "\(categories[row]), \(beforeName): \(NumberFormat.percent(before[row]))")
      canvas.circle(
        x: x(after[row]), y: y, radius: 4.5, style: "fill-accent",
        tooltip: "\(categories[row]), \(afterName): \(NumberFormat.percent(after[row]))")
      canvas.text(NumberFormat.points(change), x: width, y: y + 4, anchor: .end, style: "value")
    }
    return canvas.drawing(title: title, summary: summary)
  }
}
