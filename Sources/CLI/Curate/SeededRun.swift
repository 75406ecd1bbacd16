import Auditing

/// A run of a study that is compared with the run of the same seed on raw labels.
protocol SeededRun {
  var seed: UInt64 { get }
}

extension Array where Element: SeededRun {
  /// The mean of a share over the runs, and what it gains over raw ones; no gain without any.
  ///
  /// Runs of one seed are compared with each other: they share what chance does.
  func cells(_ value: (Element) -> Double, over raw: [Element]) -> [String] {
    let gains = compactMap { run in raw.first { $0.seed == run.seed }.map { value(run) - value($0) } }
    return [Numbers.percent(MeanInterval(map(value)).mean), gains.isEmpty ? "" : MeanInterval(gains).points]
  }
}

extension MeanInterval {
  /// In points of a per cent, with its sign and, of several runs, its half width.
  fileprivate var points: String {
    let sign = mean < 0 ? "" : "+"
    let spread = half.isFinite ? " ± \(Numbers.decimal(half * 100, places: 1))" : ""
    return sign + Numbers.decimal(mean * 100, places: 1) + spread
  }
}
