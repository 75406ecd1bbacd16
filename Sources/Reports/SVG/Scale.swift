import Foundation

/// Maps numbers to coordinates and names round numbers on the way.
struct Scale {
  /// The numbers at the two ends.
  let domain: ClosedRange<Double>
  /// Where the ends are drawn; may run downwards.
  let start: Double
  let end: Double

  /// Makes a scale; an empty domain is widened so that it has a length.
  init(_ domain: ClosedRange<Double>, from start: Double, to end: Double) {
    let isFlat = !(domain.upperBound - domain.lowerBound > 0)
    let pad = max(abs(domain.lowerBound) * 0.05, 1e-9)
    self.domain = isFlat ? domain.lowerBound - pad...domain.upperBound + pad : domain
    self.start = start
    self.end = end
  }

  /// The coordinate of a number.
  func callAsFunction(_ value: Double) -> Double {
    start + (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound) * (end - start)
  }

  /// A domain that begins and ends with round numbers and holds all finite `values`; nil when there are none.
  static func niceDomain(of values: some Sequence<Double>, including fixed: [Double] = [], ticks: Int = 5)
    -> ClosedRange<Double>?
  {
    let finite = (Array(values) + fixed).filter { $0.isFinite && abs($0) < 1e15 }
    guard let low = finite.min(), let high = finite.max() else { return nil }
    let step = niceStep(span: high - low, magnitude: max(abs(low), abs(high)), ticks: ticks)
    let start = (low / step).rounded(.down) * step
    let end = (high / step).rounded(.up) * step
    return start...(end > start ? end : start + step)
  }

  /// About `count` round numbers inside the domain.
  func ticks(_ count: Int = 5) -> [Double] {
    let span = domain.upperBound - domain.lowerBound
    let step = Self.niceStep(
      span: span, magnitude: max(abs(domain.lowerBound), abs(domain.upperBound)), ticks: count)
    let first = (domain.lowerBound / step - 1e-9).rounded(.up)
    let last = (domain.upperBound / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 1000 else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// 1, 2 or 5 times a power of ten, so that about `ticks` steps make up the span.
  static func niceStep(span: Double, magnitude: Double, ticks: Int) -> Double {
    let span = span > 0 ? span : max(magnitude * 0.1, 1e-9)
    let rough = span / Double(max(1, ticks))
    let power = pow(10, log10(rough).rounded(.down))
    let lead = rough / power
    return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10)
  }

  /// The number of decimals that tells neighbouring ticks apart.
  static func digits(for ticks: [Double]) -> Int {
    guard ticks.count > 1 else { return 1 }
    let step = abs(ticks[1] - ticks[0])
    return step > 0 ? min(8, max(0, Int((-log10(step) - 1e-6).rounded(.up)))) : 1
  }
}
