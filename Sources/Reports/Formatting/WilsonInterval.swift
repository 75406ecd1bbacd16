/// The Wilson score interval of a share: where the true share lies with 95 % confidence.
///
/// It stays inside 0 ... 1 and is right for few samples too (E. B. Wilson 1927, equation for p with z = 1.96).
struct WilsonInterval: Equatable {
  /// The observed share.
  let share: Double
  /// The lower end.
  let lower: Double
  /// The upper end.
  let upper: Double

  /// Makes the interval of `successes` out of `trials`; nil when there are no trials or counts that cannot be.
  init?(successes: Int, trials: Int) {
    guard trials > 0, (0...trials).contains(successes) else { return nil }
    let z = 1.959963984540054
    let n = Double(trials)
    share = Double(successes) / n
    let center = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    // The share is inside by definition; rounding must not put it outside.
    lower = max(0, min(share, center - half))
    upper = min(1, max(share, center + half))
  }
}
