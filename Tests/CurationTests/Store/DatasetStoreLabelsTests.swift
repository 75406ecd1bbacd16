import GRDB
import Imaging
import TestSupport
import Testing

@testable import Curation

struct DatasetStoreLabelsTests {
  @Test("The first events of a sample come from ingest and give it label and split")
  func firstEvents() throws {
    let store = try TestDatasets.store()
    let events = try store.events(of: store.sample(key: "row-0000003"))
    #expect(events.map(\.field) == [.label, .split])
    #expect(events.map(\.from) == [nil, nil])
    #expect(events.map(\.to) == ["happy", "train"])
    #expect(events.allSatisfy { $0.actor == "ingest" && $0.run == 1 && $0.reason == "from fer.csv" })
    #expect(try store.firstLabels().count == 28)
  }

  @Test("A change is an event with its actor, run and reason, and the sample is what its events add up to")
  func changes() throws {
    let store = try TestDatasets.store()
    let sample = try store.sample(key: "row-0000003")
    let run = try store.beginRun(kind: "resolve")
    let count = try store.apply(
      [
        LabelChange(sample: sample.id, field: .label, to: "sad", reason: "looks sad"),
        LabelChange(sample: sample.id, field: .split, to: "test", reason: "moved"),
        LabelChange(sample: sample.id, field: .excluded, to: "true", reason: "blank"),
        LabelChange(sample: sample.id, field: .label, to: "sad", reason: "again"),
      ], actor: "rule test", run: run.id)
    #expect(count == 3)
    let changed = try store.sample(key: "row-0000003")
    #expect(changed.label == "sad")
    #expect(changed.split == .test)
    #expect(changed.excluded)
    let event = try store.events(of: sample)[2]
    #expect(event.from == "happy" && event.to == "sad")
    #expect(event.actor == "rule test" && event.run == run.id && event.reason == "looks sad")
    #expect(try store.samples().count == 27)
    #expect(try store.allSamples().count == 28)
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test func `A label that a sample did not come with is not its first`() throws {
    let store = try TestDatasets.store([TestRow(3, seed: 1)])
    try withTemporaryDirectory { folder in
      let path = try folder.write("pixels\n\(TestRow(0, seed: 2).pixels)\n", to: "unlabelled.csv")
      _ = try Ingest.run(sources: [path], into: store)
    }
    let ids = try store.samples().map(\.id)
    try store.apply(
      ids.map { LabelChange(sample: $0, field: .label, to: "sad", reason: "votes") }, actor: "rule votes-majority",
      run: store.beginRun(kind: "votes").id)
    #expect(try store.samples().map(\.label) == ["sad", "sad"])
    #expect(try store.firstLabels() == [ids[0]: "happy"])
  }

  @Test("A label can be taken away and given back")
  func noLabel() throws {
    let store = try TestDatasets.store()
    let id = try store.sample(key: "row-0000000").id
    try store.apply([LabelChange(sample: id, field: .label, to: nil, reason: "")], actor: "rule test", run: nil)
    #expect(try store.sample(id: id).label == nil)
    try store.apply([LabelChange(sample: id, field: .label, to: "fear", reason: "")], actor: "rule test", run: nil)
    #expect(try store.sample(id: id).label == "fear")
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test("A wrong change is refused with all that came with it")
  func wrongChanges() throws {
    let store = try TestDatasets.store()
    let good = LabelChange(sample: 1, field: .label, to: "sad", reason: "")
    let wrong: [(LabelChange, CurationError)] = [
      (
        LabelChange(sample: 2, field: .label, to: "joy", reason: ""),
        .unknownClass("joy", known: TestDatasets.classes)
      ),
      (
        LabelChange(sample: 2, field: .split, to: nil, reason: ""),
        .badValue(field: .split, value: nil, sample: "row-0000001")
      ),
      (
        LabelChange(sample: 2, field: .excluded, to: "yes", reason: ""),
        .badValue(field: .excluded, value: "yes", sample: "row-0000001")
      ),
      (LabelChange(sample: 99, field: .label, to: "sad", reason: ""), .noSuchSample("id 99")),
    ]
    for (change, error) in wrong {
      #expect(throws: error) { try store.apply([good, change], actor: "rule test", run: nil) }
    }
    #expect(try store.sample(id: 1).label == "angry")
  }

  @Test("The check of the events finds a label that was changed behind their back")
  func tampering() throws {
    let store = try TestDatasets.store()
    try store.write { try $0.execute(sql: "UPDATE sample SET label = 'fear' WHERE id = 1") }
    #expect(try store.verifyEvents() == ["row-0000000: label is fear, its events add up to angry"])
  }

  @Test("Copies follow the label, split and exclusion of their parent, unless they were changed themselves")
  func copiesFollow() throws {
    let store = try TestDatasets.store()
    let ids = try store.addDerived(
      [
        Derivation(parent: 1, operations: [.flip]), Derivation(parent: 1, operations: [.brightness(delta: 9)]),
      ], actor: "rule augment", run: nil, reason: "copy")
    try store.apply(
      [LabelChange(sample: ids[1], field: .label, to: "fear", reason: "")], actor: "reviewer ann", run: nil)
    let changes = [("label", "sad"), ("split", "test"), ("excluded", "true")]
    for (field, value) in changes {
      let field = try #require(LabelChange.Field(rawValue: field))
      try store.apply([LabelChange(sample: 1, field: field, to: value, reason: "x")], actor: "rule test", run: nil)
    }
    let copies = try ids.map { try store.sample(id: $0) }
    #expect(copies.map(\.label) == ["sad", "fear"])
    #expect(copies.map(\.split) == [.test, .test])
    #expect(copies.map(\.excluded) == [true, true])
    #expect(try store.events(of: copies[0]).last?.reason == "follows row-0000000: x")
    #expect(try store.verifyEvents().isEmpty)
  }
}
