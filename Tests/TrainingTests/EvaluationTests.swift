import Testing

@testable import Training

@Suite struct EvaluationTests {
  @Test func `the numbers of a small table are those computed by hand`() {
    // Truth a a b b, predictions a b b b; the fifth row has no truth.
    let evaluation = Evaluation(
      probabilities: [0.9, 0.1, 0.2, 0.8, 0.4, 0.6, 0.1, 0.9, 0.5, 0.5], truth: [0, 0, 1, 1, -1], classes: ["a", "b"])
    #expect(evaluation.samples == 4)
    #expect(evaluation.accuracy == 0.75)
    #expect(evaluation.confusion == [[1, 1], [0, 2]])
    #expect(evaluation.classes["a"] == Evaluation.PerClass(precision: 1, recall: 0.5, f1: 2.0 / 3, support: 2))
    #expect(evaluation.classes["b"]?.precision == 2.0 / 3)
    #expect(abs(evaluation.macroF1 - (2.0 / 3 + 0.8) / 2) < 1e-12)
    // -(ln 0.9 + ln 0.2 + ln 0.6 + ln 0.9) / 4
    #expect(abs(evaluation.loss - 0.582746) < 1e-4)
  }

  @Test func `a class that does not occur leaves the mean alone, and nothing at all is zero`() {
    let evaluation = Evaluation(
      probabilities: [0.8, 0.1, 0.1], truth: [0], classes: ["a", "b", "c"])
    #expect(evaluation.macroF1 == 1)
    let empty = Evaluation(probabilities: [], truth: [], classes: ["a", "b"])
    #expect(empty.accuracy == 0 && empty.loss == 0 && empty.samples == 0)
  }
}
