/// Shares with their confidence intervals over ranges of a number, against the line where both are equal.
public struct IntervalChart: Chart {
  /// Observations of one range.
  public struct Bin: Sendable, Hashable {
    /// The lower end of the range, from 0 to 1.
    public var lower: Double
    /// The upper end of the range.
    public var upper: Double
    /// How many observations.
    public var trials: Int
    /// How many of them count.
    public var successes: Int

    /// Creates one bin.
    public init(lower: Double, upper: Double, trials: Int, successes: Int) {
      self.lower = lower
      self.upper = upper
      self.trials = trials
      self.successes = successes
    }
  }

  /// What the chart shows, in a few words.
  public let title: String
  /// What there is to see, in a sentence.
  public let summary: String
  /// What the lower axis measures.
  public var xName: String
  /// What is observed.
  public var yName: String
  /// The observations; a bin without any is not drawn.
  public var bins: [Bin]

  /// Creates a chart.
  public init(title: String, summary: String, xName: String, yName: String, bins: [Bin]) {
    self.title = title
    self.summary = summary
    self.xName = xName
    self.yName = yName
    self.bins = bins
  }

  /// The natural width.
  public var width: Double { 440 }

  /// The drawing.
  public var svg: String {
    let (top, bottom, left) = (26.0, 216.0, 46.0)
    let edges = bins.flatMap { [$0.lower, $0.upper] }.filter(\.isFinite)
    let low = max(0, min(edges.min() ?? 0, 0.9))
    let x = Scale((low * 10).rounded(.down) / 10...1, from: left + 2, to: width - 8)
    let y = Scale(0...1, from: bottom, to: top)

    var canvas = SVGCanvas(width: width, height: bottom + 36)
    canvas.text(yName, x: 0, y: 11, style: "muted")
    let yTicks = y.ticks(5)
    for (tick, text) in zip(yTicks, ChartNumber.percent.axisTexts(yTicks)) {
      canvas.line(x1: left, y1: y(tick), x2: width - 6, y2: y(tick), style: "grid")
      canvas.text(text, x: left - 6, y: y(tick) + 4, anchor: .end, style: "tick")
    }
    let xTicks = x.ticks(5)
    for (tick, text) in zip(xTicks, ChartNumber.decimal(2).axisTexts(xTicks)) {
      canvas.line(x1: x(tick), y1: bottom, x2: x(tick), y2: bottom + 4, style: "axis")
      canvas.text(text, x: x(tick), y: bottom + 16, anchor: .middle, style: "tick")
    }
    canvas.line(x1: left, y1: bottom, x2: width - 6, y2: bottom, style: "axis")
    canvas.text(xName, x: width - 6, y: bottom + 31, anchor: .end, style: "muted")
    let diagonal = x.domain.lowerBound
    canvas.line(x1: x(diagonal), y1: y(diagonal), x2: x(1), y2: y(1), style: "mark")
    for bin in bins { draw(bin, x: x, y: y, on: &canvas) }
    return canvas.drawing(title: title, summary: summary)
  }

  private func draw(_ bin: Bin, x: Scale, y: Scale, on canvas: inout SVGCanvas) {
    guard let interval = WilsonInterval(successes: bin.successes, trials: bin.trials),
      bin.lower.isFinite, bin.upper.isFinite
    else { return }
    let center = x((bin.lower + bin.upper) / 2)
    let words =
      NumberFormat.range(bin.lower, bin.upper) + ": "
      + "\(NumberFormat.percent(interval.share)) of \(NumberFormat.count(bin.trials))"
    canvas.line(x1: center, y1: y(interval.lower), x2: center, y2: y(interval.upper), style: "line-accent")
    for end in [interval.lower, interval.upper] {
      canvas.line(x1: center - 4, y1: y(end), x2: center + 4, y2: y(end), style: "line-accent")
    }
    canvas.circle(x: center, y: y(interval.share), radius: 4, style: "fill-accent", tooltip: words)
  }
}
