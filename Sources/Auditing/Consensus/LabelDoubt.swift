/// How much more labels are to be doubted than a noise model says, by labels that are known to be wrong.
///
/// A noise model reads off networks how labels err, and networks that learned a small dataset by heart say that labels hardly
/// do. Labels that were made wrong on purpose, which such a network came to believe just as well, show by how much that is too
/// little: where the doubt d(x) about a label is honest, wrong labels are spread over samples as d(x) / sum d is. The odds against all
/// labels are multiplied by the one factor under which the wrong ones lie most probably where they do: a maximum of
/// sum over wrong of ln d - n ln (mean d over all), whose slope n (mean d^2 / mean d - mean over wrong of d) is 0 there.
/// What share of the labels is wrong need not be known for that.
///
/// Doubt is only raised. Labels that are wrong by themselves mostly look righter than those that were drawn at random, and would
/// seem to be doubted too much.
struct LabelDoubt {
  /// The natural logarithm of the factor; never negative.
  let shift: Double

  /// How strongly the shift is pulled to 0, so that it stays there where doubts tell wrong labels from others no better than chance.
  static let pull = 1.0
  /// The largest shift.
  static let largest = 5.0

  /// Finds the factor.
  ///
  /// - Parameters:
  ///   - natural: how probably wrong each label is that was left as it was.
  ///   - wrong: the same of those made wrong on purpose, by networks that learned them.
  init(natural: [Double], wrong: [Double]) {
    guard !natural.isEmpty, !wrong.isEmpty else {
      shift = 0
      return
    }
    let count = Double(wrong.count)
    func slope(_ shift: Double) -> Double {
      var (sum, squares) = (0.0, 0.0)
      for doubt in natural {
        let raised = Self.raised(doubt, by: shift)
        sum += raised
        squares += raised * raised
      }
      guard sum > 0 else { return 0 }
      let mean = wrong.reduce(0) { $0 + Self.raised($1, by: shift) } / count
      return count * (squares / sum - mean) - Self.pull * shift
    }
    // The first of several maxima, should there be several: in steps, and then by halves.
    var low = 0.0
    while low < Self.largest, slope(low + 0.1) > 0 { low += 0.1 }
    guard slope(low) > 0 else {
      shift = 0
      return
    }
    var high = min(Self.largest, low + 0.1)
    for _ in 0..<20 {
      let middle = (low + high) / 2
      if slope(middle) > 0 { low = middle } else { high = middle }
    }
    shift = low
  }

  /// Posteriors, [N, C], with the odds against each label raised; what remains is shared by the other classes as before.
  func raised(_ posterior: [Double], labels: [Int], classes: Int) -> [Double] {
    guard shift > 0 else { return posterior }
    var result = posterior
    for (index, label) in labels.enumerated() {
      let place = index * classes + label
      let doubt = 1 - posterior[place]
      let raised = Self.raised(doubt, by: shift)
      for k in 0..<classes { result[index * classes + k] *= doubt > 0 ? raised / doubt : 1 }
      result[place] = 1 - raised
    }
    return result
  }

  private static func raised(_ doubt: Double, by shift: Double) -> Double {
    let factor = exponential(shift)
    return factor * doubt / (1 - doubt + factor * doubt)
  }
}
