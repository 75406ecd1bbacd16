/// How much more labels are to be doubted than a noise model says, by labels that are known to be wrong.
///
/// A noise model reads off networks how labels err, and networks that learned a small dataset by heart say that labels hardly
/// do. Labels that were made wrong on purpose, which such a network came to believe just as well, show by how much that is too
/// little: where the doubts d(x) about labels are honest, a wrong one lies at x with probability d(x) / sum d. So doubts are
/// moved, d' = sigmoid(a (logit d - c) + c + b) with c the logit of their mean, to where that makes the wrong labels most
/// probable: sum over wrong of ln d' - ln (mean d' of those with the same label). What share of the labels is wrong
/// need not be known, nor what labels those that are wrong have.
///
/// Doubt is only raised. Labels that are wrong by themselves mostly look righter than those that were drawn at random, and
/// doubts would seem too large.
struct LabelDoubt {
  /// A doubt, and the label it is about.
  struct Doubt {
    var value: Double
    var label: Int
  }

  /// a, from 0.05 to 1: below 1 where doubts tell wrong labels from others less well than they claim to.
  ///
  /// It must be found along with b: doubts that tell nothing would otherwise seem honest only when all are as good as certain.
  private(set) var slope = 1.0
  /// b, never negative.
  private(set) var shift = 0.0
  /// The logarithm of the likelihood of the wrong labels, less the pulls: what tells wrong labels better is worth more.
  private(set) var worth = 0.0
  /// c.
  private var centre = 0.0

  /// How strongly slope and shift are pulled to 1 and 0: as much as half of these times the squared distance.
  private static let pull = (slope: 20.0, shift: 1.0)
  private static let slopes = 0.05...1.0
  private static let shifts = 0.0...5.0

  /// Finds slope and shift.
  ///
  /// - Parameters:
  ///   - natural: doubts about the labels that were left as they were.
  ///   - wrong: doubts about those made wrong on purpose, by networks that learned them.
  init(natural: [Doubt], wrong: [Doubt]) {
    let byLabel = Dictionary(grouping: natural, by: \.label)
    let groups = Dictionary(grouping: wrong, by: \.label).sorted { $0.key < $1.key }.compactMap { label, wrong in
      byLabel[label].map {
        Group(natural: $0.map { Self.logOdds($0.value) }, wrong: wrong.map { Self.logOdds($0.value) })
      }
    }
    guard !groups.isEmpty else { return }
    let centre = Self.logOdds(natural.reduce(0) { $0 + $1.value } / Double(natural.count))
    var best = (worth: -Double.infinity, slope: 1.0, shift: 0.0)
    func look(_ slope: Double, _ shift: Double) {
      guard Self.slopes.contains(slope), Self.shifts.contains(shift) else { return }
      let (a, b) = (slope - 1, shift)
      let likelihood = groups.reduce(0) { $0 + $1.likelihood { slope * ($0 - centre) + centre + shift } }
      let worth = likelihood - (Self.pull.slope * a * a + Self.pull.shift * b * b) / 2
      if worth > best.worth { best = (worth, slope, shift) }
    }
    // A coarse grid first, for there may be several maxima, then smaller and smaller steps.
    for a in 1...10 { for b in 0...10 { look(Double(a) / 10, Double(b) / 2) } }
    var step = (slope: 0.1, shift: 0.5)
    while step.shift > 0.01 {
      let before = best.worth
      for (a, b) in [(1.0, 0.0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)] {
        look(best.slope + a * step.slope, best.shift + b * step.shift)
      }
      if best.worth == before { step = (step.slope / 2, step.shift / 2) }
    }
    (worth, slope, shift) = best
    self.centre = centre
  }

  /// The log-odds of doubts about one label.
  private struct Group {
    var natural: [Double]
    var wrong: [Double]

    /// How probable the wrong ones are where doubt is moved so.
    func likelihood(_ moved: (Double) -> Double) -> Double {
      var (sum, result) = (0.0, 0.0)
      for logit in natural { sum += sigmoid(moved(logit)) }
      for logit in wrong { result += safeLog(sigmoid(moved(logit))) }
      return result - Double(wrong.count) * safeLog(sum / Double(natural.count))
    }
  }

  /// The doubt that is to be had where the noise model has this one.
  func raised(_ doubt: Double) -> Double {
    max(doubt, sigmoid(slope * (Self.logOdds(doubt) - centre) + centre + shift))
  }

  private static func logOdds(_ p: Double) -> Double { logit(p, within: 1e-9) }
}
