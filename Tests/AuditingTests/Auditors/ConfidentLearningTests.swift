import Testing

@testable import Auditing

/// Golden values: `tools/golden/auditing.py`, cleanlab 2.9.0.
@Suite struct ConfidentLearningTests {
  @Test func `thresholds and joints are cleanlab's`() throws {
    for golden in try AuditingGolden.load().confidentLearning {
      let learning = ConfidentLearning(
        labels: golden.labels, probabilities: golden.probabilities, classes: golden.classes)
      #expect(largestDifference(learning.thresholds, golden.thresholds) < 1e-12, "\(golden.name)")
      #expect(learning.confidentJoint() == golden.joint, "\(golden.name)")
      #expect(learning.calibratedJoint() == golden.calibratedJoint, "\(golden.name)")
      #expect(
        largestDifference(learning.estimatedJoint().flatMap(\.self), golden.estimatedJoint.flatMap(\.self)) < 1e-12,
        "\(golden.name)")
    }
  }

  @Test(arguments: ConfidentLearning.Score.allCases)
  func `scores are cleanlab's to the twelfth decimal`(score: ConfidentLearning.Score) throws {
    let file = try AuditingGolden.load()
    for golden in file.confidentLearning + file.manyClasses {
      let learning = ConfidentLearning(
        labels: golden.labels, probabilities: golden.probabilities, classes: golden.classes)
      let wanted = try #require(golden.scores[score.rawValue])
      #expect(largestDifference(learning.scores(score), wanted) < 1e-12, "\(golden.name)")
    }
  }

  @Test(arguments: ConfidentLearning.Filter.allCases)
  func `filters pick the labels that cleanlab picks`(filter: ConfidentLearning.Filter) throws {
    for golden in try AuditingGolden.load().confidentLearning {
      let learning = ConfidentLearning(
        labels: golden.labels, probabilities: golden.probabilities, classes: golden.classes)
      let mask = learning.issues(filter)
      let wanted = try #require(golden.issues[filter.rawValue])
      #expect(!wanted.isEmpty && wanted.count < golden.labels.count, "the case says nothing")
      #expect(mask.indices.filter { mask[$0] } == wanted, "\(golden.name)")
    }
  }

  @Test func `many samples, worked on in runs, are what few are`() throws {
    let golden = try #require(try AuditingGolden.load().confidentLearning.first)
    let times = 600
    let few = ConfidentLearning(labels: golden.labels, probabilities: golden.probabilities, classes: golden.classes)
    let many = ConfidentLearning(
      labels: [[Int]](repeating: golden.labels, count: times).flatMap(\.self),
      probabilities: [[Double]](repeating: golden.probabilities, count: times).flatMap(\.self), classes: golden.classes)
    #expect(golden.labels.count * times > 2 << 16, "several runs and a part of one")
    #expect(largestDifference(many.thresholds, few.thresholds) < 1e-12)
    #expect(many.confidentJoint() == few.confidentJoint().map { $0.map { $0 * times } })
    for filter in [ConfidentLearning.Filter.predictedNotGiven, .confidentLearning] {
      #expect(many.issues(filter) == [[Bool]](repeating: few.issues(filter), count: times).flatMap(\.self))
    }
    // Of every label those of the smallest confidence, wherever they stand.
    let (mask, given) = (many.issues(.pruneByClass), many.scores(.selfConfidence))
    for label in 0..<golden.classes {
      let own = mask.indices.filter { golden.labels[$0 % golden.labels.count] == label }
      let picked = own.filter { mask[$0] }.map { given[$0] }.max() ?? 0
      let kept = own.filter { !mask[$0] && given[$0] < picked }.map { $0 % golden.labels.count }
      #expect(kept.allSatisfy { !few.issues(.predictedNotGiven)[$0] }, "only labels that are predicted are spared")
    }
  }

  @Test func `rounding keeps the sum by moving what is furthest from its whole number`() {
    #expect(
      ConfidentLearning.rounded([1.4, 1.4, 1.2]) == [2, 1, 1]
        || ConfidentLearning.rounded([1.4, 1.4, 1.2]) == [1, 2, 1])
    #expect(ConfidentLearning.rounded([0.6, 0.6, 0.8]).reduce(0, +) == 2)
    #expect(ConfidentLearning.rounded([3, 0, 5]) == [3, 0, 5])
  }

  @Test func `the smallest values are found without sorting`() {
    let values = [5.0, 1, 4, 1, 3, 2]
    #expect(Set(ConfidentLearning.smallest(3, of: values)) == [1, 3, 5])
    #expect(ConfidentLearning.smallest(0, of: values).isEmpty)
    #expect(ConfidentLearning.smallest(9, of: values).count == 6)
    #expect(ConfidentLearning.smallest(1, of: [2, 2, 2]) == [0])
  }
}
