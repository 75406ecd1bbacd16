import Imaging
import TestSupport
import Testing

@testable import Curation

struct OrderGuardTests {
  @Test func `A dataset without shared pictures may be rebalanced`() throws {
    #expect(try OrderGuard.violations(in: TestDatasets.store(), isRebalancing: true).isEmpty)
  }

  @Test func `Pictures that training shares with test speak against it, until they are dropped`() throws {
    let store = try TestDatasets.store(TestDatasets.rows + [TestRow(0, seed: 0, usage: "PrivateTest")])
    let violations = try OrderGuard.violations(in: store, isRebalancing: true)
    #expect(violations == [.leak(pictures: 1, example: "row-0000000", other: "row-0000028")])
    #expect(
      violations.first?.description
        == "1 training picture is also in validation or test, such as row-0000000 as row-0000028: drop or move them first "
        + "(fercure resolve --rule drop-leaks)")
    let resolver = Resolver(store)
    try resolver.apply(try resolver.plan(rules: [.dropLeaks]), recipe: ["rules": "drop-leaks"])
    #expect(try OrderGuard.violations(in: store, isRebalancing: true).isEmpty)
  }

  @Test func `An audit whose suggestions nobody has looked at speaks against it, until one is decided`() throws {
    let store = try TestDatasets.store()
    let run = try store.beginRun(kind: "audit")
    let sample = try store.sample(key: "row-0000000")
    try store.store(
      suggestions: [
        Suggestion(
          sample: sample.id, from: "angry", to: "sad", confidence: 0.9, verdict: .wrong,
          signals: Signals(probabilities: []))
      ], scores: [], run: run.id)
    let violations = try OrderGuard.violations(in: store, isRebalancing: false)
    #expect(violations == [.openSuggestions(count: 1, run: run.id)])
    #expect(violations.first?.kind == .noise)
    let suggestion = try #require(try store.suggestions().first)
    try store.decide([Decision(suggestion: suggestion.id, state: .rejected)], actor: "reviewer A", run: nil)
    #expect(try OrderGuard.violations(in: store, isRebalancing: false).isEmpty)
  }

  @Test func `Copies that are there already speak against rebalancing, not against augmenting`() throws {
    let store = try TestDatasets.store()
    let sample = try store.sample(key: "row-0000000")
    try store.addDerived(
      [Derivation(parent: sample.id, operations: [.flip])], actor: "rule augment", run: nil, reason: "test")
    #expect(try OrderGuard.violations(in: store, isRebalancing: true) == [.copiesBefore(count: 1)])
    #expect(try OrderGuard.violations(in: store, isRebalancing: false).isEmpty)
  }

  @Test func `A person in training and test is a leak`() throws {
    var source = ArraySource()
    for (value, split) in [(1, Split.train), (2, .test)] {
      source.add(Image(height: 2, width: 2, filledWith: UInt8(value)), split: split, group: "with:S010")
    }
    #expect(OrderGuard.leaks(among: try source.samples()) == [.tornGroup(groups: 1, example: "with:S010")])
  }

  @Test func `A copy that looks like its parent is drawn again`() throws {
    let store = try TestDatasets.store()
    let parent = try store.sample(key: "row-0000000")
    let still = PlannedDerivation(parent: parent.id, copy: 1, operations: [.brightness(delta: 0.1)])
    let redraw = Augmenter(seed: 3).redraw([still, still], of: try store.samples(), augmentation: Jitter())
    let ids = try store.addDerived(
      [still.derivation, still.derivation], actor: "rule augment", run: nil, reason: "test", redraw: redraw)
    let hashes = try ids.map { try store.sample(id: $0).pixelHash } + [parent.pixelHash]
    #expect(Set(hashes).count == 3)
  }
}
