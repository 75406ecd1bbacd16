/// Vertical bars over ranges of a number, with a mark at a threshold.
public struct HistogramChart: Chart {
  /// What the chart shows, in a few words.
  public let title: String
  /// What there is to see, in a sentence.
  public let summary: String
  /// The counts of the ranges.
  public var histogram: ReportContent.Histogram
  /// What is counted along the lower axis.
  public var xName: String
  /// A value to mark, with words; the bars above it are drawn in the accent.
  public var threshold: Double?
  /// What stands at the mark.
  public var thresholdName: String

  /// Creates a chart.
  public init(
    title: String, summary: String, histogram: ReportContent.Histogram, xName: String, threshold: Double? = nil,
    thresholdName: String = ""
  ) {
    self.title = title
    self.summary = summary
    self.histogram = histogram
    self.xName = xName
    self.threshold = threshold
    self.thresholdName = thresholdName
  }

  /// The natural width.
  public var width: Double { 440 }

  /// The drawing.
  public var svg: String {
    let (top, bottom) = (22.0, 192.0)
    let counts = histogram.counts.map { Double(max(0, $0)) }
    let yDomain = Scale.niceDomain(of: counts, including: [0, 1], ticks: 4) ?? 0...1
    let y = Scale(yDomain, from: bottom, to: top)
    let ticks = y.ticks(4).filter { $0 == $0.rounded() }
    let left = (ticks.map { SVGText.width(of: ChartNumber.count.text($0), size: 11) }.max() ?? 20) + 10
    let isRange = histogram.upper > histogram.lower && histogram.lower.isFinite && histogram.upper.isFinite
    let x = Scale(isRange ? histogram.lower...histogram.upper : 0...1, from: left + 2, to: width - 8)

    var canvas = SVGCanvas(width: width, height: bottom + 36)
    for tick in ticks {
      canvas.line(x1: left, y1: y(tick), x2: width - 6, y2: y(tick), style: "grid")
      canvas.text(ChartNumber.count.text(tick), x: left - 6, y: y(tick) + 4, anchor: .end, style: "tick")
    }
    let step = (x.domain.upperBound - x.domain.lowerBound) / Double(max(1, counts.count))
    for (bin, count) in counts.enumerated() {
      let (from, to) = (x.domain.lowerBound + Double(bin) * step, x.domain.lowerBound + Double(bin + 1) * step)
      let isAbove = threshold.map { from >= $0 - step * 1e-6 } ?? true
      let range = NumberFormat.range(from, to)
      canvas.rectangle(
        x: x(from) + 0.75, y: y(count), width: x(to) - x(from) - 1.5, height: bottom - y(count), radius: 1,
        style: isAbove ? "fill-accent" : "fill-base", tooltip: "\(range): \(ChartNumber.count.text(count))")
    }
    canvas.line(x1: left, y1: bottom, x2: width - 6, y2: bottom, style: "axis")
    let xTicks = x.ticks(5)
    for (tick, text) in zip(xTicks, ChartNumber.decimal(2).axisTexts(xTicks)) {
      canvas.line(x1: x(tick), y1: bottom, x2: x(tick), y2: bottom + 4, style: "axis")
      canvas.text(text, x: x(tick), y: bottom + 16, anchor: .middle, style: "tick")
    }
    canvas.text(xName, x: width - 6, y: bottom + 31, anchor: .end, style: "muted")
    if let threshold, x.domain.contains(threshold) {
      let isRight = x(threshold) > width * 0.6
      canvas.line(x1: x(threshold), y1: 4, x2: x(threshold), y2: bottom, style: "mark")
      canvas.text(
        thresholdName, x: x(threshold) + (isRight ? -6 : 6), y: 13, anchor: isRight ? .end : .start, style: "muted")
    }
    return canvas.drawing(title: title, summary: summary)
  }
}
