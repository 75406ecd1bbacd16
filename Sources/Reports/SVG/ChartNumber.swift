/// How a chart writes its numbers.
public enum ChartNumber: Sendable, Hashable {
  /// `1,234`.
  case count
  /// A share, from 0 to 1, as `64.1%`.
  case percent
  /// A fixed count of decimals.
  case decimal(Int)
  /// A span of time, given in seconds.
  case duration

  /// The number as it stands at a bar or a point.
  func text(_ value: Double) -> String {
    guard value.isFinite else { return NumberFormat.missing }
    return switch self {
    case .count: abs(value) < 1e15 ? NumberFormat.count(Int(value.rounded())) : NumberFormat.missing
    case .percent: NumberFormat.percent(value)
    case .decimal(let digits): NumberFormat.decimal(value, digits: digits)
    case .duration: NumberFormat.duration(value)
    }
  }

  /// The numbers of an axis, all with as many decimals as their distance needs.
  func axisTexts(_ ticks: [Double]) -> [String] {
    switch self {
    case .count, .duration: return ticks.map(text)
    case .percent:
      let digits = Scale.digits(for: ticks.map { $0 * 100 })
      return ticks.map { NumberFormat.percent($0, digits: digits) }
    case .decimal:
      let digits = Scale.digits(for: ticks)
      return ticks.map { NumberFormat.decimal($0, digits: digits) }
    }
  }
}
