/// One thin bar a class, for the cards of suggestions: the suggested class stands out, the given one is marked.
public struct ProbabilityBars: Chart {
  /// What the chart shows, in a few words.
  public let title: String
  /// What there is to see, in a sentence.
  public let summary: String
  /// The names of the classes.
  public var classes: [String]
  /// One probability a class; what is missing counts as 0.
  public var probabilities: [Double]
  /// The class the sample has.
  public var given: String
  /// The class it should have.
  public var suggested: String?

  /// Creates a chart.
  public init(
    title: String, summary: String, classes: [String], probabilities: [Double], given: String, suggested: String?
  ) {
    self.title = title
    self.summary = summary
    self.classes = classes
    self.probabilities = probabilities
    self.given = given
    self.suggested = suggested
  }

  /// The natural width.
  public var width: Double { 180 }

  /// The drawing.
  public var svg: String {
    let rowHeight = 14.0
    // Any name can be the suggested one, which is bold.
    let left = min(66, classes.map { SVGText.width(of: $0, size: 10.5, isBold: true) }.max() ?? 0) + 8
    let scale = Scale(0...1, from: left, to: width - 30)
    var canvas = SVGCanvas(width: width, height: rowHeight * Double(classes.count))
    for (row, name) in classes.enumerated() {
      let raw = row < probabilities.count ? probabilities[row] : 0
      let value = raw.isFinite ? min(1, max(0, raw)) : 0
      let y = Double(row) * rowHeight
      let part = name == suggested ? "accent" : name == given ? "base" : "quiet"
      canvas.text(
        SVGText.fitted(name, width: left - 8, size: 10.5, isBold: part != "quiet"), x: left - 6, y: y + 10.5,
        anchor: .end,
        style: part == "quiet" ? "small muted" : "small text-\(part)", tooltip: name)
      canvas.rectangle(x: left, y: y + 3, width: scale(1) - left, height: 8, radius: 1.5, style: "cell")
      canvas.rectangle(x: left, y: y + 3, width: scale(value) - left, height: 8, radius: 1.5, style: "fill-\(part)")
      if value >= 0.005 {
        canvas.text(
          NumberFormat.percent(value, digits: 0), x: width, y: y + 10.5, anchor: .end,
          style: part == "quiet" ? "small muted" : "small text-\(part)")
      }
    }
    return canvas.drawing(title: title, summary: summary)
  }
}
