/// The few ways in which values become text inside a drawing.
enum SVGText {
  /// A coordinate with at most two decimals; what is not finite becomes 0, so that no drawing ever holds `nan`.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return rest.isMultiple(of: 10) ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// About how wide `text` is drawn: the drawing is made without knowing the reader's font.
  static func width(of text: String, size: Double, isBold: Bool = false) -> Double {
    let plain =
      text.unicodeScalars.reduce(0) { width, scalar in
        switch scalar {
        case "i", "j", "l", ".", ",", "'", "|", ":", ";", "!": width + 0.29
        case " ", "f", "t", "r", "(", ")", "-": width + 0.37
        case "m", "w", "M", "W", "%", "—": width + 0.86
        case "A"..."Z": width + 0.68
        case "\u{2E80}"...: width + 1
        default: width + 0.56
        }
      } * size
    // Of the fonts that browsers fall back to, DejaVu Sans Bold is the widest.
    return isBold ? plain * 1.21 : plain
  }

  /// `text`, or as much of it as fits into `width`, with an ellipsis.
  static func fitted(_ text: String, width: Double, size: Double, isBold: Bool = false) -> String {
    // Half a pixel of grace: a column made for its longest name must not abbreviate that name.
    if self.width(of: text, size: size, isBold: isBold) <= width + 0.5 { return text }
    var kept = text
    while !kept.isEmpty, self.width(of: kept + "…", size: size, isBold: isBold) > width { kept.removeLast() }
    return kept + "…"
  }
}
