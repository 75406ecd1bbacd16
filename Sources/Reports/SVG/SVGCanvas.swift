import Curation

/// Collects the elements of a drawing; the origin is the upper left corner, lengths are CSS pixels at natural size.
///
/// Elements carry classes, never colours: `chart.css` decides how they look in light, in dark and on paper.
struct SVGCanvas {
  /// The natural size.
  let width: Double
  let height: Double
  private var body = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// Where a text stands relative to its point.
  enum Anchor: String {
    case start, middle, end
  }

  mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, style: String) {
    body += "<line x1=\"\(SVGText.number(x1))\" y1=\"\(SVGText.number(y1))\" x2=\"\(SVGText.number(x2))\" "
    body += "y2=\"\(SVGText.number(y2))\" class=\"\(style)\"/>"
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, radius: Double = 0, style: String, opacity: Double? = nil,
    tooltip: String? = nil
  ) {
    body += "<rect x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" width=\"\(SVGText.number(max(0, width)))\" "
    body += "height=\"\(SVGText.number(max(0, height)))\""
    if radius > 0 { body += " rx=\"\(SVGText.number(radius))\"" }
    body += " class=\"\(style)\""
    if let opacity { body += " fill-opacity=\"\(SVGText.number(opacity))\"" }
    if let tooltip {
      body += "><title>\(HTMLText.escaped(tooltip))</title></rect>"
    } else {
      body += "/>"
    }
  }

  mutating func circle(x: Double, y: Double, radius: Double, style: String, tooltip: String? = nil) {
    body += "<circle cx=\"\(SVGText.number(x))\" cy=\"\(SVGText.number(y))\" r=\"\(SVGText.number(radius))\" "
    body += "class=\"\(style)\""
    if let tooltip {
      body += "><title>\(HTMLText.escaped(tooltip))</title></circle>"
    } else {
      body += "/>"
    }
  }

  /// Draws a line through `points`; a single point becomes a dot.
  mutating func polyline(_ points: [(x: Double, y: Double)], style: String) {
    guard let first = points.first else { return }
    if points.count == 1 {
      circle(x: first.x, y: first.y, radius: 2, style: style + " dot")
      return
    }
    let list = points.map { SVGText.number($0.x) + "," + SVGText.number($0.y) }.joined(separator: " ")
    body += "<polyline points=\"\(list)\" class=\"\(style)\"/>"
  }

  /// Writes `text` with its baseline at `y`; a tooltip tells the whole of an abbreviated text.
  mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "", tooltip: String? = nil
  ) {
    body += "<text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\""
    if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
    if !style.isEmpty { body += " class=\"\(style)\"" }
    body += ">"
    if let tooltip, tooltip != text { body += "<title>\(HTMLText.escaped(tooltip))</title>" }
    body += HTMLText.escaped(text) + "</text>"
  }

  /// Writes `text` rising to the right at 45 degrees from its point, for names too long to stand side by side.
  mutating func tiltedText(_ text: String, x: Double, y: Double, style: String, tooltip: String) {
    let point = "\(SVGText.number(x)) \(SVGText.number(y))"
    body += "<text transform=\"translate(\(point)) rotate(-45)\" class=\"\(style)\">"
    if tooltip != text { body += "<title>\(HTMLText.escaped(tooltip))</title>" }
    body += HTMLText.escaped(text) + "</text>"
  }

  /// The finished drawing, with the words a screen reader says for it.
  ///
  /// In a wide column it grows by at most a seventh, so that its text stays about as large as the page's.
  func drawing(title: String, summary: String) -> String {
    let largest = SVGText.number((width * 8 / 7).rounded())
    let (width, height) = (SVGText.number(width), SVGText.number(height))
    return
      "<svg class=\"chart\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\" role=\"img\" "
      + "style=\"max-width:\(largest)px\">"
      + "<title>\(HTMLText.escaped(title))</title><desc>\(HTMLText.escaped(summary))</desc>\(body)</svg>"
  }
}
