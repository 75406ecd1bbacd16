import Curation
import Testing

@testable import Curation

struct SyntheticPlanTests {
  @Test func `Pictures are spread over the classes as in FER2013`() {
    #expect(SyntheticPlan.apportion(28_709, fewest: 12) == [3995, 436, 4097, 7215, 4830, 3171, 4965])
  }

  @Test(arguments: [84, 85, 112, 200, 1600]) func `No class falls below the floor and every picture is used`(total: Int)
  {
    let counts = SyntheticPlan.apportion(total, fewest: 12)
    #expect(counts.reduce(0, +) == total)
    #expect(counts.allSatisfy { $0 >= 12 })
    #expect(counts.max() == counts[FaceExpression.happy.number])
  }

  @Test func `Splits follow each other and hold 80, 10 and 10 percent`() {
    let rows = SyntheticPlan(.init(count: 500)).rows
    #expect(
      rows.map(\.split) == [Split](repeating: .train, count: 400) + Array(repeating: .validation, count: 50)
        + Array(repeating: .test, count: 50))
  }

  @Test func `Exactly the asked share of training faces has a wrong label, and nothing else has`() {
    let rows = SyntheticPlan(.init(count: 1000, noise: 0.2, duplicates: 20, blanks: 5, nonFaces: 5)).rows
    let wrong = rows.filter { $0.given != $0.expression }
    #expect(wrong.count == Int((Double(800 - 10) * 0.2).rounded()))
    #expect(wrong.allSatisfy { $0.split == .train })
    for row in rows {
      switch row.flaw {
      case .wrongLabel, .conflictingCopy: #expect(row.given != row.expression)
      default: #expect(row.given == row.expression)
      }
    }
  }

  @Test func `Copies share the true class of their source, and some cross splits`() {
    let rows = SyntheticPlan(.init(count: 1000, duplicates: 40)).rows
    var kinds: [String: Int] = [:]
    for row in rows {
      switch row.flaw {
      case .copy(let source):
        #expect(rows[source].expression == row.expression)
        #expect(rows[source].flaw == nil)
        kinds["\(rows[source].split)", default: 0] += 1
      case .conflictingCopy(let source):
        #expect(rows[source].given == rows[source].expression)
        kinds["conflict", default: 0] += 1
      default: break
      }
    }
    #expect(kinds == ["train": 10, "test": 10, "validation": 10, "conflict": 10])
  }

  @Test func `Without noise no label is wrong except on conflicting copies`() {
    let rows = SyntheticPlan(.init(count: 300, noise: 0, duplicates: 0)).rows
    #expect(rows.allSatisfy { $0.given == $0.expression })
  }

  @Test func `Every confusion names a wrong label and sums to one`() {
    for truth in FaceExpression.allCases {
      let weights = ExpressionConfusion.weights(of: truth)
      #expect(weights[truth.number] == 0)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-9)
    }
  }
}
