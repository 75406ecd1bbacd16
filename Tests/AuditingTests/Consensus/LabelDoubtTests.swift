import Foundation
import Randomness
import TestSupport
import Testing

@testable import Auditing

struct LabelDoubtTests {
  /// Doubts that are honest when `shift` is 0, and those of labels that are wrong as often as the doubts say; log-odds lower by
  /// `shift` than is honest.
  private func doubts(lowered shift: Double, seed: UInt64 = 3) -> (natural: [Double], wrong: [Double]) {
    var generator = SeededGenerator(seed: seed)
    var (natural, wrong): ([Double], [Double]) = ([], [])
    for _ in 0..<4000 {
      let odds = exp(Double.random(in: -6...4, using: &generator))
      let honest = odds / (1 + odds)
      let isWrong = Double.random(in: 0..<1, using: &generator) < honest
      let stated = odds * exp(-shift) / (1 + odds * exp(-shift))
      natural.append(stated)
      if isWrong { wrong.append(stated) }
    }
    return (natural, wrong)
  }

  @Test(arguments: [0.5, 1.0, 2.0])
  func `odds are raised by as much as they are too low`(shift: Double) {
    let (natural, wrong) = doubts(lowered: shift)
    #expect(abs(LabelDoubt(natural: natural, wrong: wrong).shift - shift) < 0.15)
    // Of fewer wrong labels the same is learned, less surely: each counts alike, and the pull counts for more.
    let few = LabelDoubt(natural: natural, wrong: Array(wrong.prefix(60))).shift
    #expect(few > 0.3 * shift && few < 1.3 * shift + 0.3)
  }

  @Test func `doubt is never lowered`() {
    let (natural, wrong) = doubts(lowered: -1)
    #expect(LabelDoubt(natural: natural, wrong: wrong).shift == 0)
  }

  @Test func `doubts that recognise no wrong label are left alone`() {
    var generator = SeededGenerator(seed: 5)
    let natural = (0..<2000).map { _ in 0.2 + 0.04 * Double.random(in: -1...1, using: &generator) }
    let shift = LabelDoubt(natural: natural, wrong: Array(natural.prefix(80))).shift
    #expect(shift < 0.3)
    #expect(LabelDoubt(natural: natural, wrong: []).shift == 0)
    #expect(LabelDoubt(natural: [], wrong: [0.5]).shift == 0)
    #expect(LabelDoubt(natural: [0, 0], wrong: [0]).shift == 0)
  }

  @Test func `the other classes share what the label loses as before, and the order of labels stays`() throws {
    let (natural, wrong) = doubts(lowered: 1)
    let doubt = LabelDoubt(natural: natural, wrong: wrong)
    let posterior = [0.7, 0.2, 0.1, 0.05, 0.9, 0.05, 1, 0, 0, 0, 0.5, 0.5]
    let labels = [0, 1, 0, 0]
    let raised = doubt.raised(posterior, labels: labels, classes: 3)
    for index in 0..<4 {
      let row = Array(raised[(index * 3)..<(index * 3 + 3)])
      #expect(abs(row.reduce(0, +) - 1) < 1e-12)
    }
    let factor = exp(doubt.shift)
    #expect(abs(raised[0] - 0.7 / (0.7 + factor * 0.3)) < 1e-12)
    #expect(abs(raised[1] / raised[2] - 2) < 1e-9)
    #expect(raised[6] == 1 && raised[9] == 0, "what is certain stays so")
    #expect(raised[4] < 0.9 && raised[4] > raised[0])
  }
}
