import Imaging
import TestSupport
import Testing

@testable import Curation

struct LabelSupportTests {
  private let classes = ["angry", "happy"]

  private func samples() throws -> [Sample] {
    var source = ArraySource(classes: classes)
    for value in 1...4 as ClosedRange<UInt8> {
      source.add(Image(height: 4, width: 4, filledWith: value), label: "angry")
    }
    for value in 10...29 as ClosedRange<UInt8> {
      source.add(Image(height: 4, width: 4, filledWith: value), label: "happy")
    }
    return try source.samples()
  }

  private func score(_ sample: Int64, _ label: String, _ quality: Double) -> Score {
    Score(sample: sample, label: label, quality: quality, verdict: nil, signals: Signals(probabilities: []))
  }

  @Test func `Votes come before the audit, and an audit of another label says nothing`() throws {
    let support = LabelSupport(
      samples: try samples(), votes: [1: ["angry": 3, "happy": 1]],
      scores: [score(1, "angry", 0.1), score(2, "angry", 0.9), score(3, "happy", 0.8)])
    #expect(support.values == [1: 0.75, 2: 0.9])
    #expect(support.fromVotes == 1 && support.fromAudit == 1)
  }

  @Test func `Equal pictures with other labels halve their support`() throws {
    var source = ArraySource(classes: classes)
    for label in classes { source.add(Image(height: 2, width: 2, filledWith: 1), label: label) }
    #expect(LabelSupport(samples: try source.samples()).values == [1: 0.5, 2: 0.5])
  }

  @Test func `Copies are drawn by support, and wrong labels are not copied`() throws {
    let votes: [Int64: Votes] = [1: ["angry": 9, "happy": 1], 2: ["angry": 3, "happy": 7], 3: ["happy": 10]]
    let all = try samples()
    let result = try Rebalancer(strategy: .all, seed: 1).rebalance(
      all, classes: classes, support: LabelSupport(samples: all, votes: votes))
    let copies = Dictionary(grouping: result.derivations, by: \.parent).mapValues(\.count)
    // Sample 4 has no votes: it counts as the mean of the others, 0.4.
    #expect(copies[1] == 9 && copies[2] == 3 && copies[3] == nil && copies[4] == 4)
    #expect(result.plan.classes[0].supported == 1 && result.plan.classes[1].supported == nil)
    #expect(
      result.plan.warnings == [
        "angry: 4 samples are given, 4 pictures differ, and the labels of only 1 are supported"
      ])
  }

  @Test func `A class without any support is refused in words`() throws {
    let all = try samples()
    let votes = Dictionary(uniqueKeysWithValues: (1...4).map { (Int64($0), ["happy": 10]) })
    let error = #expect(throws: BalanceError.self) {
      try Rebalancer().rebalance(all, classes: classes, support: LabelSupport(samples: all, votes: votes))
    }
    #expect(error == .unsupportedClass("angry"))
    // Without what is known of it, its pictures are copied alike.
    let support = LabelSupport(samples: all, votes: votes).forgetting(all.filter { $0.label == "angry" })
    let result = try Rebalancer(strategy: .all).rebalance(all, classes: classes, support: support)
    #expect(Set(Dictionary(grouping: result.derivations, by: \.parent).mapValues(\.count).values).count == 1)
  }

  @Test func `A cap on copies is kept and told, also for almost equal pictures together`() throws {
    var source = ArraySource(classes: classes)
    source.add(Image(height: 4, width: 4, filledWith: 1), label: "angry")
    source.add(Image(height: 4, width: 4, filledWith: 2), label: "angry")
    source.add(Image(height: 4, width: 4, filledWith: 3), label: "angry")
    for value in 10...29 as ClosedRange<UInt8> {
      source.add(Image(height: 4, width: 4, filledWith: value), label: "happy")
    }
    let findings = (1...2).map {
      Finding(check: NearDuplicates.name, sample: $0, score: 0.1, group: "near:1", detail: "")
    }
    let samples = try source.samples()
    let result = try Rebalancer(strategy: .all, copiesPerPicture: 5, seed: 1)
      .rebalance(samples, classes: classes, alike: AlikePictures(findings: findings, samples: samples))
    #expect(result.derivations.count { $0.parent <= 2 } == 5 && result.derivations.count { $0.parent == 3 } == 5)
    #expect(result.plan.classes[0].after == 13 && result.plan.classes[0].target == 20)
    #expect(result.plan.warnings == ["angry: the cap on copies leaves it at 13 of 20"])
  }

  @Test func `What the check found almost equal shares the cap, whatever stands beside it`() throws {
    var rows = (0..<3).map { TestRow(0, seed: UInt64($0)) } + (3..<23).map { TestRow(1, seed: UInt64($0)) }
    // The same picture as the first of angry in another split, where the check names it.
    rows.insert(TestRow(0, seed: 0, usage: "PublicTest"), at: 0)
    let store = try TestDatasets.store(rows)
    let run = try store.beginRun(kind: "check")
    func found(_ ids: Int64..., check: String, group: String?) -> [Finding] {
      ids.map { Finding(check: check, sample: $0, score: 0.1, group: group, detail: "") }
    }
    try store.add(
      findings: found(1, 3, check: NearDuplicates.name, group: "near:1")
        + found(4, check: NearDuplicates.name, group: nil) + found(3, 4, check: NearLeaks.name, group: "near:2"),
      run: run.id)
    let samples = try store.samples()
    let rebalancer = Rebalancer(strategy: .all, copiesPerPicture: 5, seed: 1)
    let alike = try AlikePictures(of: store)
    let capped = try rebalancer.rebalance(samples, classes: TestDatasets.classes, alike: alike)
    // Samples 2 and 3 are almost equal, 4 is like no other.
    #expect(capped.derivations.count { $0.parent == 2 || $0.parent == 3 } == 5)
    #expect(capped.derivations.count { $0.parent == 4 } == 5)
    let plan = try rebalancer.plan(for: samples, classes: TestDatasets.classes, alike: alike)
    #expect(plan == capped.plan && plan.classes[0].after == 13)
    #expect(try rebalancer.plan(for: samples, classes: TestDatasets.classes).classes[0].after == 18)
  }

  @Test func `Equal pictures share the cap where all of them are counted`() throws {
    var source = ArraySource(classes: classes)
    for value in [1, 1, 2] as [UInt8] { source.add(Image(height: 4, width: 4, filledWith: value), label: "angry") }
    let result = try Rebalancer(strategy: .count(20), countsPicturesOnce: false, copiesPerPicture: 4, seed: 1)
      .rebalance(try source.samples(), classes: classes)
    #expect(result.derivations.count { $0.parent <= 2 } == 4 && result.derivations.count { $0.parent == 3 } == 4)
  }

  @Test(
    arguments: [
      (10, [1.0, 1, 1], nil, [4, 3, 3]), (10, [3, 1, 0], nil, [8, 2, 0]), (10, [3, 1, 0], 6, [6, 4, 0]),
      (10, [1, 1], 3, [3, 3]), (0, [1, 1], nil, [0, 0]), (7, [0.1, 0.1], nil, [4, 3]),
    ] as [(Int, [Double], Int?, [Int])])
  func `Copies are dealt in proportion`(copies: Int, weights: [Double], cap: Int?, shares: [Int]) {
    #expect(CopyQuota.shares(of: copies, weights: weights, cap: cap) == shares)
  }

  @Test func `Doing both brings classes from either side to the target`() throws {
    let all = try samples()
    let result = try Rebalancer(method: .both, strategy: .count(10), seed: 1).rebalance(all, classes: classes)
    #expect(result.plan.classes.map(\.after) == [10, 10])
    #expect(result.plan.classes.map(\.copies) == [6, 0] && result.plan.classes.map(\.dropped) == [0, 10])
  }
}
