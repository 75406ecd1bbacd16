import Curation
import Testing

@testable import Auditing

@Suite struct RankingTests {
  @Test func `the area under the curve is the share of pairs in order, ties counting half`() {
    #expect(Ranking.areaUnderCurve([1, 2, 3, 4], isPositive: [false, false, true, true]) == 1)
    #expect(Ranking.areaUnderCurve([4, 3, 2, 1], isPositive: [false, false, true, true]) == 0)
    #expect(Ranking.areaUnderCurve([1, 1, 1, 1], isPositive: [false, true, false, true]) == 0.5)
    // Pairs (2, 1), (2, 2), (3, 1), (3, 2): three in order and one tie.
    #expect(Ranking.areaUnderCurve([1, 2, 2, 3], isPositive: [false, false, true, true]) == 0.875)
    #expect(Ranking.areaUnderCurve([1, 2], isPositive: [true, true]) == 0.5)
  }

  @Test func `scores that are no numbers do not hang`() {
    let area = Ranking.areaUnderCurve([.nan, 0.1, .nan, 0.9], isPositive: [true, false, false, true])
    #expect((0...1).contains(area))
  }

  @Test func `who only knows each label's noise gets one half within classes`() {
    // Label 0 is wrong in three of four cases, label 1 in one of four.
    let classes = [0, 0, 0, 0, 1, 1, 1, 1]
    let isWrong = [true, true, true, false, true, false, false, false]
    let noiseRate = classes.map { $0 == 0 ? 0.75 : 0.25 }
    #expect(Ranking.areaUnderCurve(noiseRate, isPositive: isWrong) == 0.75)
    #expect(Ranking.classConditionalArea(noiseRate, isPositive: isWrong, classes: classes) == 0.5)
  }

  @Test func `average precision is the mean over the positives`() {
    let precision = Ranking.averagePrecision([4, 3, 2, 1], isPositive: [true, false, true, false])
    let wanted = (1.0 + 2.0 / 3.0) / 2.0
    #expect(precision == wanted)
  }

  @Test func `calibration is measured bin by bin`() {
    let bins = Ranking.reliability([0.95, 0.95, 0.15, 0.15], isRight: [true, false, false, false])
    #expect(bins.count == 2 && bins[1].measured == 0.5 && bins[0].count == 2)
    #expect(abs(Ranking.expectedCalibrationError(bins) - (0.15 + 0.45) / 2) < 1e-12)
  }

  @Test func `Wilson's interval is not fooled by few cases`() {
    let all = ShareInterval(right: 5, of: 5)
    #expect(all.share == 1 && abs(all.low - 0.5655) < 1e-3 && all.high == 1)
    let half = ShareInterval(right: 50, of: 100)
    #expect(abs(half.low - 0.4038) < 1e-3 && abs(half.high - 0.5962) < 1e-3)
    let nothing = ShareInterval(right: 0, of: 0)
    #expect(nothing.low == 0 && nothing.high == 1)
  }

  @Test func `gates open for what was measured to be right often enough`() {
    #expect(TargetGate(target: "happy", right: 90, judged: 100, basis: .votes).isOpen(at: 0.8))
    // As for suggestions into disgust and fear by common tools.
    #expect(!TargetGate(target: "disgust", right: 0, judged: 47, basis: .votes).isOpen(at: 0.8))
    #expect(!TargetGate(target: "fear", right: 1, judged: 100, basis: .votes).isOpen(at: 0.5))
    // Two of two may be luck, and nothing measured is not known.
    #expect(!TargetGate(target: "sad", right: 2, judged: 2, basis: .votes).isOpen(at: 0.5))
    #expect(!TargetGate(target: "sad", right: 0, judged: 0, basis: .votes).isOpen(at: 0))
  }

  @Test func `a gate travels with the suggestions of its class`() {
    let gate = TargetGate(target: "sad", right: 19, judged: 25, basis: .injections)
    let suggestion = Suggestion(
      sample: 1, from: "angry", to: "sad", confidence: 0.9, verdict: .wrong,
      signals: Signals(probabilities: [], extra: gate.signals))
    #expect(TargetGate.stored(with: [suggestion]) == [gate])
  }

  @Test func `no gate opens where labels made wrong on purpose are hardly told from the others`() {
    func gate(_ recognition: Double) -> TargetGate {
      TargetGate(target: "happy", right: 21, judged: 21, basis: .injections, recognition: recognition)
    }
    #expect(gate(0.88).isOpen(at: 0.8) && gate(TargetGate.leastRecognition).isOpen(at: 0.8))
    #expect(!gate(0.76).isOpen(at: 0.8) && !gate(.nan).isOpen(at: 0.5))
    func unlooked(_ basis: TargetGate.Basis) -> TargetGate {
      TargetGate(target: "happy", right: 21, judged: 21, basis: basis)
    }
    #expect(!unlooked(.injections).isOpen(at: 0.8), "nor where nobody looked")
    #expect(unlooked(.votes).isOpen(at: 0.8), "votes need no recognition")
    let suggestion = Suggestion(
      sample: 1, from: "sad", to: "happy", confidence: 0.9, verdict: .wrong,
      signals: Signals(probabilities: [], extra: gate(0.76).signals))
    #expect(TargetGate.stored(with: [suggestion]) == [gate(0.76)], "it travels with the suggestion")
  }
}
