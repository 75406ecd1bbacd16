import Testing

@testable import Curation

/// Kappas against published examples, expectations against arithmetic.
@Suite struct AgreementTests {
  @Test func `Cohen's kappa is that of a worked example`() throws {
    // 50 proposals, two readers: both yes 20, only A 5, only B 10, both no 15: kappa 0.4.
    let pairs =
      Array(repeating: ("yes", "yes"), count: 20) + Array(repeating: ("yes", "no"), count: 5)
      + Array(repeating: ("no", "yes"), count: 10) + Array(repeating: ("no", "no"), count: 15)
    #expect(abs(try #require(Agreement.cohen(pairs)) - 0.4) < 1e-12)
    #expect(Agreement.cohen([]) == nil)
    #expect(Agreement.cohen([("a", "a"), ("a", "a")]) == nil)
    #expect(Agreement.cohen([("a", "a"), ("b", "b")]) == 1)
    #expect(Agreement.cohen([("a", "b"), ("b", "a")]) == -1)
  }

  @Test func `Fleiss' kappa is that of a worked example`() throws {
    // Ten subjects, fourteen raters, five categories: kappa 0.210.
    let table = [
      [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
      [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]
    let faces = table.map { row in row.enumerated().flatMap { Array(repeating: "\($0)", count: $1) } }
    #expect(abs(try #require(Agreement.fleiss(faces)) - 0.2099) < 0.0001)
    #expect(Agreement.fleiss([["a"], ["b"]]) == nil)
    // A face that one person saw says nothing about agreement.
    #expect(Agreement.fleiss(faces + [["0"]]) == Agreement.fleiss(faces))
  }

  @Test func `Without decisions the audit is believed, with many the decisions are`() throws {
    let none = PrecisionEstimate([])
    #expect(abs(none.probability(0.93) - 0.93) < 1e-12)
    let judged = (0..<96).map {
      PrecisionEstimate.Judged(confidence: 0.95, isRight: $0 < 48, isRandom: false)
    }
    let estimate = PrecisionEstimate(judged)
    #expect(abs(estimate.probability(0.95) - (48 + 4 * 0.95) / 100) < 1e-12)
    #expect(abs(estimate.probability(0.85) - 0.85) < 1e-12)
    #expect(estimate.bins[9] == PrecisionEstimate.Bin(judged: 96, right: 48, isRandom: false))
  }

  @Test func `Enough faces drawn by chance push out those from the top of the list`() {
    let top = (0..<50).map { _ in PrecisionEstimate.Judged(confidence: 0.99, isRight: true, isRandom: false) }
    let random = (0..<20).map { PrecisionEstimate.Judged(confidence: 0.91, isRight: $0 < 5, isRandom: true) }
    #expect(PrecisionEstimate(top + random).bins[9] == .init(judged: 20, right: 5, isRandom: true))
    #expect(PrecisionEstimate(top + random.dropLast()).bins[9] == .init(judged: 69, right: 55, isRandom: false))
  }

  @Test func `An expectation sums the probabilities and knows less of tenths without decisions`() {
    let judged = (0..<40).map { PrecisionEstimate.Judged(confidence: 0.95, isRight: $0 < 38, isRandom: true) }
    let known = PrecisionEstimate(judged).expectation(of: Array(repeating: 0.95, count: 100))
    let unknown = PrecisionEstimate([]).expectation(of: Array(repeating: 0.95, count: 100))
    #expect(known.count == 100 && known.judged == 40)
    #expect(abs(known.right - 95) < 1e-9)
    #expect(abs((known.share ?? 0) - 0.95) < 1e-9)
    #expect(unknown.margin > 2 * known.margin)
    #expect(PrecisionEstimate([]).expectation(of: []).share == nil)
  }
}
