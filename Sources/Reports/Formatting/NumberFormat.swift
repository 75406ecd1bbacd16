import Foundation

/// How numbers are written everywhere in a report, so that two places never write one number in two ways.
///
/// What is not finite is written as an en dash; a minus is the real one (U+2212), as wide as a plus.
enum NumberFormat {
  /// What stands for a number that is missing or not finite.
  static let missing = "–"

  /// A count with commas between groups of three digits: `35,887`.
  static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return value < 0 ? "−" + text : text
  }

  /// A number with a fixed count of decimals: `0.93`.
  static func decimal(_ value: Double?, digits: Int = 2) -> String {
    guard let value, value.isFinite else { return missing }
    let text = String(format: "%.\(digits)f", abs(value))
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return value < 0 && !isZero ? "−" + text : text
  }

  /// A share, from 0 to 1, in percent: `64.1%`.
  static func percent(_ share: Double?, digits: Int = 1) -> String {
    guard let share, share.isFinite else { return missing }
    return decimal(share * 100, digits: digits) + "%"
  }

  /// The share that `part` has in `whole`: `0.3%`, `<0.1%` for a few of many; an en dash when the whole is empty.
  static func percent(_ part: Int, of whole: Int, digits: Int = 1) -> String {
    guard whole > 0 else { return missing }
    let text = percent(Double(part) / Double(whole), digits: digits)
    let isShownAsNone = part > 0 && !text.contains { ("1"..."9").contains($0) }
    return isShownAsNone ? "<" + decimal(1 / pow(10, Double(digits)), digits: digits) + "%" : text
  }

  /// A difference with its sign: `+0.031`, `−0.002`, `±0.000`.
  static func difference(_ value: Double?, digits: Int) -> String {
    guard let value, value.isFinite else { return missing }
    let text = decimal(abs(value), digits: digits)
    guard text.contains(where: { ("1"..."9").contains($0) }) else { return "±" + text }
    return (value < 0 ? "−" : "+") + text
  }

  /// The difference of two shares in percentage points: `+3.1 pp`.
  static func points(_ difference: Double?) -> String {
    guard let difference, difference.isFinite else { return missing }
    return self.difference(difference * 100, digits: 1) + " pp"
  }

  /// How many times larger one count is than another: `16.5 : 1`.
  static func ratio(_ value: Double?) -> String {
    let text = times(value)
    return text == missing ? missing : text + " : 1"
  }

  /// A factor, without decimals where they would say nothing: `16.5`, `1,151`.
  static func times(_ value: Double?) -> String {
    guard let value, value.isFinite, abs(value) < 1e15 else { return missing }
    return abs(value) < 100 ? decimal(value, digits: 1) : count(Int(value.rounded()))
  }

  /// A span of time in its two largest units: `0.4 s`, `3 min 12 s`, `1 h 04 min`.
  static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds >= 0, seconds < 1e9 else { return missing }
    if seconds < 9.95 { return decimal(seconds, digits: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min " + twoDigits(whole % 60) + " s" }
    let minutes = Int((seconds / 60).rounded())
    return count(minutes / 60) + " h " + twoDigits(minutes % 60) + " min"
  }

  /// A range of numbers, held together by no-break spaces: `0.80 to 0.90`.
  static func range(_ lower: Double, _ upper: Double) -> String {
    decimal(lower) + "\u{A0}to\u{A0}" + decimal(upper)
  }

  /// A range of shares: `83.2% to 92.6%`.
  static func percentRange(_ lower: Double, _ upper: Double) -> String {
    percent(lower) + "\u{A0}to\u{A0}" + percent(upper)
  }

  /// A noun with its count: `1 sample`, `35,887 samples`.
  static func counted(_ value: Int, _ singular: String, _ plural: String? = nil) -> String {
    count(value) + " " + (value == 1 ? singular : plural ?? singular + "s")
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
