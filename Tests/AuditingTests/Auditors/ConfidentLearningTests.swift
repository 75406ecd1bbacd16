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
