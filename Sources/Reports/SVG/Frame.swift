/// The axes of a chart with two numeric axes: grid, ticks and their numbers.
struct Frame {
  let top: Double
  let bottom: Double
  let left: Double
  let right: Double
  /// From a number of the lower axis to its coordinate.
  let x: Scale
  /// From a number of the left axis to its coordinate.
  let y: Scale
  private let number: ChartNumber
  private let yTicks: [Double]
  private let yTexts: [String]

  /// Lays the field out so that the widest number of the left axis fits beside it.
  init(
    top: Double, bottom: Double, number: ChartNumber, yDomain: ClosedRange<Double>, xDomain: ClosedRange<Double>,
    width: Double, hasLabels: Bool
  ) {
    self.top = top
    self.bottom = bottom
    self.number = number
    y = Scale(yDomain, from: bottom, to: top)
    yTicks = y.ticks(5)
    yTexts = number.axisTexts(yTicks)
    left = (yTexts.map { SVGText.width(of: $0, size: 11) }.max() ?? 20) + 10
    right = width - (hasLabels ? 48 : 10)
    x = Scale(xDomain, from: left + 4, to: right - 2)
  }

  /// Draws grid, axes and numbers.
  func draw(on canvas: inout SVGCanvas, xName: String) {
    for (tick, text) in zip(yTicks, yTexts) {
      canvas.line(x1: left, y1: y(tick), x2: right, y2: y(tick), style: "grid")
      canvas.text(text, x: left - 6, y: y(tick) + 4, anchor: .end, style: "tick")
    }
    canvas.line(x1: left, y1: bottom, x2: right, y2: bottom, style: "axis")
    for tick in wholeTicks {
      canvas.line(x1: x(tick), y1: bottom, x2: x(tick), y2: bottom + 4, style: "axis")
      canvas.text(ChartNumber.count.text(tick), x: x(tick), y: bottom + 16, anchor: .middle, style: "tick")
    }
    canvas.text(xName, x: right, y: bottom + 31, anchor: .end, style: "muted")
  }

  /// Epochs are whole numbers, and so are their ticks; the first epoch is always among them.
  private var wholeTicks: [Double] {
    let (low, high) = (x.domain.lowerBound.rounded(.up), x.domain.upperBound.rounded(.down))
    guard high > low else { return [(x.domain.lowerBound + x.domain.upperBound) / 2] }
    let step = max(1, Scale.niceStep(span: high - low, magnitude: high, ticks: 6).rounded())
    let multiples = stride(from: (low / step).rounded(.up) * step, through: high, by: step).filter {
      $0 - low >= step * 0.6
    }
    return [low] + multiples
  }
}
