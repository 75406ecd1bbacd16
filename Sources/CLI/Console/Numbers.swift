import Foundation

/// Numbers as people read them, the same in every language setting: `1,234`, `12.3 %`, `3 min 20 s`.
enum Numbers {
  /// An integer with its thousands apart: `-1,234,567`.
  static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var grouped = ""
    for (position, digit) in digits.enumerated() {
      if position > 0 && (digits.count - position).isMultiple(of: 3) { grouped.append(",") }
      grouped.append(digit)
    }
    return value < 0 ? "-" + grouped : grouped
  }

  /// A count and its noun: `1 sample`, `2,304 samples`.
  static func count(_ value: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? noun : plural ?? noun + "s")"
  }

  /// A number with a fixed number of decimals: `0.500`.
  static func decimal(_ value: Double, places: Int) -> String { String(format: "%.\(places)f", value) }

  /// A share of one as a percentage: `12.3 %`.
  static func percent(_ share: Double) -> String { decimal(share * 100, places: 1) + " %" }

  /// A share of a total as a percentage; a dash when there is nothing to share.
  static func percent(_ part: Int, of total: Int) -> String {
    total == 0 ? "–" : percent(Double(part) / Double(total))
  }

  /// A span of time, its two largest units: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    if seconds < 9.95 { return decimal(max(0, seconds), places: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(count(whole / 3600)) h \(whole % 3600 / 60) min"
  }

  /// A rate with two to three digits that matter: `0.52/s`, `7.3/s`, `12,345/s`.
  static func rate(_ perSecond: Double) -> String {
    if perSecond < 1 { return decimal(perSecond, places: 2) + "/s" }
    if perSecond < 10 { return decimal(perSecond, places: 1) + "/s" }
    return count(Int(perSecond.rounded())) + "/s"
  }
}
