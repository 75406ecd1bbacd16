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
  /// c.
  private var centre = 0.0

  /// How strongly slope and shift are pulled to 1 and 0: as much as twice these times half of the squared distance.
  private static let pull = (slope: 20.0, shift: 1.0)
  private static let slopes = 0.05...1.0
  private static let shifts = 0.0...5.0

  /// Finds slope and shift.
  ///
  /// - Parameters:
  ///   - natural: doubts about the labels that were left as they were.
  ///   - wrong: doubts about those made wrong on purpose, by networks that learned them.
  init(natural: [Doubt], wrong: [Doubt]) {
    let byLabel = Dictionary(grouping: natural, by: \.label).mapValues { $0.map { Self.logit($0.value) } }
    let wrong = wrong.filter { byLabel[$0.label] != nil }
    guard !wrong.isEmpty else { return }
    centre = Self.logit(natural.reduce(0) { $0 + $1.value } / Double(natural.count))
    let logits = wrong.map { Self.logit($0.value) }
    let counts = Dictionary(grouping: wrong, by: \.label).mapValues { Double($0.count) }.sorted { $0.key < $1.key }
    let centre = centre
    func value(_ slope: Double, _ shift: Double) -> Double {
      func moved(_ logit: Double) -> Double { sigmoid(slope * (logit - centre) + centre + shift) }
      var result = logits.reduce(0) { $0 + safeLog(moved($1)) }
      for (label, count) in counts {
        let others = byLabel[label] ?? []
        result -= count * safeLog(others.reduce(0) { $0 + moved($1) } / Double(others.count))
      }
      let (a, b) = (slope - 1, shift)
      return result - (Self.pull.slope * a * a + Self.pull.shift * b * b) / 2
    }
    // A coarse grid first, for there may be several maxima, then smaller and smaller steps.
    var best = (value: value(1, 0), slope: 1.0, shift: 0.0)
    func look(_ slope: Double, _ shift: Double) {
      guard Self.slopes.contains(slope), Self.shifts.contains(shift) else { return }
      let found = value(slope, shift)
      if found > best.value { best = (found, slope, shift) }
    }
    for a in 1...20 { for b in 0...20 { look(Double(a) / 20, Double(b) / 4) } }
    var step = (slope: 0.05, shift: 0.25)
    for _ in 0..<40 where step.shift > 1e-3 {
      let before = best.value
      for (a, b) in [(1.0, 0.0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)] {
        look(best.slope + a * step.slope, best.shift + b * step.shift)
      }
      if best.value == before { step = (step.slope / 2, step.shift / 2) }
    }
    (slope, shift) = (best.slope, best.shift)
  }

  /// The doubt that is to be had where the noise model has this one.
  func raised(_ doubt: Double) -> Double {
    max(doubt, sigmoid(slope * (Self.logit(doubt) - centre) + centre + shift))
  }

  private static func logit(_ p: Double) -> Double {
    let bounded = max(1e-9, min(1 - 1e-9, p))
    return safeLog(bounded / (1 - bounded))
  }
}
