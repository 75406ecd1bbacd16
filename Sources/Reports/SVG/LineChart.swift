/// Lines over a common axis, with a legend above and the last value at the end of the lines that ask for it.
public struct LineChart: Chart {
  /// One line.
  public struct Series: Sendable, Hashable {
    /// What stands in the legend; several series of one name share one entry.
    public var name: String
    /// The points from left to right; a point that is not finite interrupts the line.
    public var points: [Point]
    /// The colour of the line.
    public var color: ChartColor
    /// Drawn dashed.
    public var isDashed: Bool
    /// Whether the last value is written at the end of the line.
    public var isLabelled: Bool

    /// Creates a line.
    public init(
      name: String, points: [Point], color: ChartColor, isDashed: Bool = false, isLabelled: Bool = false
    ) {
      self.name = name
      self.points = points
      self.color = color
      self.isDashed = isDashed
      self.isLabelled = isLabelled
    }
  }

  /// A point of a line, in the units of the axes.
  public struct Point: Sendable, Hashable {
    /// Along the lower axis.
    public var x: Double
    /// Along the left axis.
    public var y: Double

    /// Creates a point.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }

    var isFinite: Bool { x.isFinite && y.isFinite && abs(x) < 1e12 && abs(y) < 1e12 }
  }

  /// What the chart shows, in a few words.
  public let title: String
  /// What there is to see, in a sentence.
  public let summary: String
  /// What the lower axis counts.
  public var xName: String
  /// The lines; later ones are drawn above earlier ones.
  public var series: [Series]
  /// How the values of the left axis are written.
  public var number: ChartNumber
  /// The natural width.
  public var width: Double
  /// The natural height of the field of the lines.
  public var plotHeight: Double
  /// Whether the names of the lines stand above them; charts side by side can share one legend of the page.
  public var hasLegend: Bool

  /// Creates a chart.
  public init(
    title: String, summary: String, xName: String = "epoch", series: [Series], number: ChartNumber = .decimal(3),
    width: Double = 440, plotHeight: Double = 200, hasLegend: Bool = true
  ) {
    self.title = title
    self.summary = summary
    self.xName = xName
    self.series = series
    self.number = number
    self.width = width
    self.plotHeight = plotHeight
    self.hasLegend = hasLegend
  }

  /// The drawing.
  public var svg: String {
    let legend = Legend(legendItems, width: width)
    let points = series.flatMap(\.points).filter(\.isFinite)
    guard let yDomain = Scale.niceDomain(of: points.map(\.y)), let first = points.map(\.x).min(),
      let last = points.map(\.x).max()
    else {
      var canvas = SVGCanvas(width: width, height: 30)
      canvas.text("no values", x: width / 2, y: 20, anchor: .middle, style: "muted")
      return canvas.drawing(title: title, summary: summary)
    }
    let frame = Frame(
      top: legend.height + 8, bottom: legend.height + 8 + plotHeight, number: number, yDomain: yDomain,
      xDomain: first...last, width: width, hasLabels: series.contains(where: \.isLabelled))
    var canvas = SVGCanvas(width: width, height: frame.bottom + 36)
    legend.draw(on: &canvas)
    frame.draw(on: &canvas, xName: xName)
    for line in series {
      let style = "line-\(line.color.rawValue)" + (line.isDashed ? " dashed" : "")
      for part in line.points.split(whereSeparator: { !$0.isFinite }) {
        canvas.polyline(part.map { (frame.x($0.x), frame.y($0.y)) }, style: style)
      }
    }
    drawEndLabels(in: frame, on: &canvas)
    return canvas.drawing(title: title, summary: summary)
  }

  private var legendItems: [Legend.Item] {
    var seen = Set<String>()
    let items = series.filter { seen.insert($0.name).inserted }.map {
      Legend.Item(name: $0.name, color: $0.color, mark: $0.isDashed ? .dashedLine : .solidLine)
    }
    return hasLegend && items.count > 1 ? items : []
  }

  /// Writes the last values, moved apart so that they do not cover each other.
  private func drawEndLabels(in frame: Frame, on canvas: inout SVGCanvas) {
    let ends = series.filter(\.isLabelled).compactMap { line in
      line.points.last(where: \.isFinite).map { (line: line, point: $0) }
    }.sorted { $0.point.y > $1.point.y }
    var lowest = frame.top - 8
    for end in ends {
      let y = max(frame.y(end.point.y) + 4, lowest + 13)
      lowest = y
      let x = frame.x(end.point.x)
      canvas.circle(x: x, y: frame.y(end.point.y), radius: 2.5, style: "fill-\(end.line.color.rawValue)")
      canvas.text(number.text(end.point.y), x: frame.right + 7, y: y, style: "end text-\(end.line.color.rawValue)")
    }
  }
}
