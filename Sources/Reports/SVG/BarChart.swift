/// Horizontal bars: one group a category, one bar a series, with the value at the end of each bar.
public struct BarChart: Chart {
  /// One bar in every group.
  public struct Series: Sendable, Hashable {
    /// What stands in the legend.
    public var name: String
    /// One value a category; a missing or negative one is drawn as no bar.
    public var values: [Double]
    /// The colour of its bars.
    public var color: ChartColor

    /// Creates a series.
    public init(name: String, values: [Double], color: ChartColor) {
      self.name = name
      self.values = values
      self.color = color
    }
  }

  /// What the chart shows, in a few words.
  public let title: String
  /// What there is to see, in a sentence.
  public let summary: String
  /// What stands left of each group.
  public var categories: [String]
  /// The bars of a group, from top to bottom.
  public var series: [Series]
  /// How values are written.
  public var number: ChartNumber
  /// The natural width.
  public var width: Double

  /// Creates a chart.
  public init(
    title: String, summary: String, categories: [String], series: [Series], number: ChartNumber = .count,
    width: Double = 440
  ) {
    self.title = title
    self.summary = summary
    self.categories = categories
    self.series = series
    self.number = number
    self.width = width
  }

  /// The drawing.
  public var svg: String {
    let items = series.map { Legend.Item(name: $0.name, color: $0.color, mark: .box) }
    let legend = Legend(series.count > 1 ? items : [], width: width)
    let thickness = series.count > 1 ? 12.0 : 14.0
    let groupHeight = thickness * Double(max(1, series.count)) + (series.count > 1 ? 9 : 7)
    let finite = series.flatMap(\.values).filter { $0.isFinite && $0 > 0 }
    let names = categories.map { SVGText.width(of: $0, size: 12) }.max() ?? 0
    let left = min(names, width * 0.34) + 10
    let right = (finite.map { SVGText.width(of: number.text($0), size: 11) }.max() ?? 0) + 8
    let scale = Scale(0...(finite.max() ?? 1), from: left, to: width - right)

    var canvas = SVGCanvas(width: width, height: legend.height + groupHeight * Double(categories.count) + 2)
    legend.draw(on: &canvas)
    for (row, category) in categories.enumerated() {
      let top = legend.height + Double(row) * groupHeight
      let barsHeight = thickness * Double(series.count)
      canvas.text(
        SVGText.fitted(category, width: left - 10, size: 12), x: left - 8, y: top + barsHeight / 2 + 4, anchor: .end,
        style: "name", tooltip: category)
      for (position, bars) in series.enumerated() {
        let y = top + Double(position) * thickness
        let value = row < bars.values.count && bars.values[row].isFinite ? bars.values[row] : 0
        let end = scale(max(0, value))
        let label = number.text(value)
        canvas.rectangle(
          x: left, y: y, width: end - left, height: thickness - 1, radius: 1.5, style: "fill-\(bars.color.rawValue)",
          tooltip: "\(category), \(bars.name): \(label)")
        canvas.text(label, x: end + 5, y: y + thickness / 2 + 3.5, style: "value")
      }
    }
    canvas.line(
      x1: left, y1: legend.height - 2, x2: left, y2: legend.height + groupHeight * Double(categories.count) - 4,
      style: "axis")
    return canvas.drawing(title: title, summary: summary)
  }
}
