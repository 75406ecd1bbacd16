import Foundation
import Randomness
import Testing

@testable import Auditing

struct LabelDoubtTests {
  /// Doubts about labels, `honest` of which are wrong as often as these say, as they are stated; and those of wrong ones.
  private func doubts(
    logits range: ClosedRange<Double> = -6...4, stated: (Double) -> Double
  ) -> (natural: [LabelDoubt.Doubt], wrong: [LabelDoubt.Doubt]) {
    var generator = SeededGenerator(seed: 3)
    var (natural, wrong): ([LabelDoubt.Doubt], [LabelDoubt.Doubt]) = ([], [])
    for index in 0..<4000 {
      let logit = Double.random(in: range, using: &generator)
      let isWrong = Double.random(in: 0..<1, using: &generator) < sigmoid(logit)
      natural.append(.init(value: sigmoid(stated(logit)), label: index % 3))
      if isWrong { wrong.append(natural[index]) }
    }
    return (natural, wrong)
  }

  @Test(arguments: [0.5, 1.0, 2.0])
  func `doubts are raised by as much as they are too small`(shift: Double) {
    let (natural, wrong) = doubts { $0 - shift }
    for count in [80, wrong.count] {
      let doubt = LabelDoubt(natural: natural, wrong: Array(wrong.prefix(count)))
      for logit in [-4.0, -1, 0, 2] {
        let error = doubt.raised(sigmoid(logit - shift)) - sigmoid(logit)
        #expect(abs(error) < (count == 80 ? 0.2 : 0.05), "\(count) wrong, logit \(logit): \(error)")
      }
    }
  }

  @Test func `doubts are compared within labels, whatever labels the wrong ones have`() {
    let (sure, wrong) = doubts(logits: -6 ... -2) { $0 }
    // Labels of another kind are doubted much more: they would make those of the first kind seem to be wrong too seldom.
    let natural =
      sure.map { LabelDoubt.Doubt(value: $0.value, label: 0) }
      + doubts(logits: 0...4) { $0 }.natural.map { LabelDoubt.Doubt(value: $0.value, label: 1) }
    let doubt = LabelDoubt(natural: natural, wrong: wrong.map { .init(value: $0.value, label: 0) })
    for value in [0.01, 0.05, 0.3] { #expect(abs(doubt.raised(value) - value) < 0.03, "\(doubt)") }
    let missing = LabelDoubt(natural: natural, wrong: wrong.map { .init(value: $0.value, label: 7) })
    #expect(missing.slope == 1 && missing.shift == 0)
  }

  @Test func `doubt is never lowered`() {
    let (natural, wrong) = doubts { $0 + 1 }
    let doubt = LabelDoubt(natural: natural, wrong: wrong)
    #expect(doubt.shift < 0.01)
    for value in [0, 1e-12, 0.01, 0.2, 0.5, 0.9, 1] { #expect(doubt.raised(value) >= value) }
  }

  @Test(arguments: [20, 60, 300])
  func `doubts that recognise no wrong label say nothing of how many there are`(count: Int) {
    let (natural, _) = doubts(logits: -8 ... -1) { $0 }
    let wrong = (0..<count).map { natural[$0 * 13] }
    let doubt = LabelDoubt(natural: natural, wrong: wrong)
    #expect(doubt.slope < 0.5 && doubt.shift < 0.3)
    let (before, after) = (natural.reduce(0) { $0 + $1.value }, natural.reduce(0) { $0 + doubt.raised($1.value) })
    #expect(after < 2 * before && natural.count { doubt.raised($0.value) > 0.5 } == 0)
  }

  @Test func `nothing is known of nothing`() {
    let some = [LabelDoubt.Doubt(value: 0.5, label: 0)]
    #expect(LabelDoubt(natural: some, wrong: []).raised(0.2) == 0.2)
    #expect(LabelDoubt(natural: [], wrong: some).raised(0.2) == 0.2)
    let certain = LabelDoubt(
      natural: [.init(value: 0, label: 0), .init(value: 0, label: 0)], wrong: [.init(value: 0, label: 0)])
    #expect(certain.raised(0) < 1e-6)
  }
}
