import Curation
import Imaging
import TestSupport
import Testing

struct RebalancerTests {
  private let classes = ["angry", "happy", "sad"]

  /// 2 angry, 7 happy and 4 sad pictures in training, some elsewhere.
  private func samples() throws -> [Sample] {
    var source = ArraySource(classes: classes)
    var seed: UInt8 = 0
    for (label, count) in [("angry", 2), ("happy", 7), ("sad", 4)] {
      for _ in 0..<count {
        seed += 1
        source.add(Image(height: 4, width: 4, filledWith: seed), label: label)
      }
    }
    for label in classes { source.add(Image(height: 4, width: 4, filledWith: 200), label: label, split: .test) }
    return try source.samples()
  }

  @Test func `Oversampling evens the classes with copies spread evenly over the pictures`() throws {
    let result = try Rebalancer(strategy: .all, seed: 1).rebalance(try samples(), classes: classes)
    #expect(result.plan.classes.map(\.after) == [7, 7, 7])
    #expect(result.plan.classes.map(\.copies) == [5, 0, 3])
    #expect(result.plan.ratioBefore == 3.5 && result.plan.ratioAfter == 1)
    let copies = Dictionary(grouping: result.derivations, by: \.parent).mapValues(\.count)
    #expect(copies.filter { $0.key <= 2 }.values.sorted() == [2, 3])
    #expect(copies.filter { $0.key > 2 }.values.sorted() == [1, 1, 1])
    #expect(result.dropped.isEmpty)
  }

  @Test func `Only training samples are copied`() throws {
    let all = try samples()
    let result = try Rebalancer(strategy: .count(20), seed: 1).rebalance(all, classes: classes)
    let training = Set(all.filter { $0.split == .train }.map(\.id))
    #expect(result.derivations.allSatisfy { training.contains($0.parent) })
    #expect(result.plan.classes.map(\.after) == [20, 20, 20])
  }

  @Test func `No two copies of a picture are made in the same way`() throws {
    let result = try Rebalancer(strategy: .count(60), seed: 1).rebalance(try samples(), classes: classes)
    for (_, copies) in Dictionary(grouping: result.derivations, by: \.parent) {
      #expect(Set(copies.map(\.operations)).count == copies.count)
      #expect(copies.map(\.copy) == Array(1...copies.count))
      #expect(copies.allSatisfy { !$0.operations.isEmpty })
    }
  }

  @Test func `Every output row names its source`() throws {
    let all = try samples()
    let result = try Rebalancer(strategy: .all, seed: 1).rebalance(all, classes: classes)
    #expect(result.rows.prefix(all.count).map(\.source) == Array(all.indices))
    #expect(result.rows.count == all.count + 8)
    for (row, planned) in zip(result.rows.dropFirst(all.count), result.derivations) {
      #expect(all[row.source].id == planned.parent && row.copy == planned.copy)
    }
  }

  @Test func `The csv of sources quotes keys as every csv does`() throws {
    var source = ArraySource(classes: classes)
    for (value, key) in ["plain", "a,b", "a\"\u{301}b", "a\nb"].enumerated() {
      source.add(Image(height: 4, width: 4, filledWith: UInt8(value)), label: "sad", key: key)
    }
    let all = try source.samples()
    let text = try Rebalancer(strategy: .all).rebalance(all, classes: classes).sourceIndex(all)
    let expected =
      "index,source,key,copy,label\n0,0,plain,0,sad\n1,1,\"a,b\",0,sad\n2,2,\"a\"\"\u{301}b\",0,sad\n"
      + "3,3,\"a\nb\",0,sad\n"
    #expect(Array(text.utf8) == Array(expected.utf8))
  }

  @Test func `A picture that occurs twice in a class counts once`() throws {
    var source = ArraySource(classes: classes)
    for value in [1, 1, 2, 3] as [UInt8] { source.add(Image(height: 2, width: 2, filledWith: value), label: "happy") }
    source.add(Image(height: 2, width: 2, filledWith: 1), label: "sad")
    let all = try source.samples()
    let once = try Rebalancer(strategy: .all).rebalance(all, classes: classes)
    #expect(once.plan.classes.map(\.before) == [0, 4, 1])
    #expect(once.plan.classes.map(\.unique) == [0, 3, 1])
    #expect(once.plan.classes.map(\.after) == [0, 3, 3])
    #expect(once.dropped.map(\.sample) == [2])
    #expect(once.dropped.first?.reason == "rebalance: the same picture as row-0000000")
    let asRows = try Rebalancer(strategy: .all, countsPicturesOnce: false).rebalance(all, classes: classes)
    #expect(asRows.plan.classes.map(\.after) == [0, 4, 4])
    #expect(asRows.dropped.isEmpty)
  }

  @Test func `Undersampling leaves out samples by chance and copies none`() throws {
    let all = try samples()
    let rebalancer = Rebalancer(method: .undersample, strategy: .all, seed: 1)
    let result = try rebalancer.rebalance(all, classes: classes)
    #expect(result.plan.classes.map(\.after) == [2, 2, 2])
    #expect(result.derivations.isEmpty)
    #expect(result.dropped.count == 7 && result.rows.count == all.count - 7)
    #expect(result.dropped.allSatisfy { $0.field == .excluded && $0.to == "true" })
    var other = rebalancer
    other.seed = 2
    #expect(try other.rebalance(all, classes: classes).dropped != result.dropped)
  }

  @Test func `The same seed gives the same outcome, and other classes do not shift it`() throws {
    let all = try samples()
    let rebalancer = Rebalancer(strategy: .count(9), seed: 5)
    let first = try rebalancer.rebalance(all, classes: classes)
    #expect(try rebalancer.rebalance(all, classes: classes).derivations == first.derivations)
    let alone = try rebalancer.rebalance(all.filter { $0.label == "angry" }, classes: classes)
    #expect(alone.derivations == first.derivations.filter { $0.parent <= 2 })
  }

  @Test func `The plan is what is then done`() throws {
    let all = try samples()
    for method in Rebalancer.Method.allCases {
      for strategy in [SamplingStrategy.all, .median, .mean, .count(3), .notMajority] {
        let rebalancer = Rebalancer(method: method, strategy: strategy, seed: 3)
        let result = try rebalancer.rebalance(all, classes: classes)
        #expect(try rebalancer.plan(for: all, classes: classes) == result.plan)
        let labels = result.rows.filter { all[$0.source].split == .train }.compactMap { all[$0.source].label }
        for row in result.plan.classes { #expect(labels.count { $0 == row.label } == row.after) }
      }
    }
  }

  @Test func `Copies that are there already are not made again`() throws {
    var source = ArraySource(classes: classes)
    source.add(Image(height: 4, width: 4, filledWith: 1), label: "sad", key: "one")
    source.add(Image(height: 4, width: 4, filledWith: 2), label: "sad", key: "one#001", encoding: .derived)
    let result = try Rebalancer(strategy: .count(4), seed: 1).rebalance(try source.samples(), classes: classes)
    #expect(result.derivations.map(\.parent) == [1, 1])
    #expect(result.derivations.map(\.copy) == [2, 3])
  }

  @Test func `An augmentation that varies too little is refused in words`() throws {
    let error = #expect(throws: BalanceError.self) {
      try Rebalancer(strategy: .count(12)).rebalance(
        try samples(), classes: classes, augmentation: Flip(probability: 0.5))
    }
    #expect(error?.description.hasSuffix("and at least 2 are needed: vary more") == true)
  }

  @Test func `Without labels there is nothing to balance`() throws {
    var source = ArraySource(classes: classes)
    source.add(Image(height: 4, width: 4, filledWith: 1), label: nil)
    let all = try source.samples()
    let error = #expect(throws: BalanceError.self) { try Rebalancer().plan(for: all, classes: classes) }
    #expect(error?.description == "no training sample has a label: there is nothing to balance")
  }
}
