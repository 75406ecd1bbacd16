import Imaging
import Randomness
import TestSupport
import Testing

@testable import Curation

struct DatasetStoreUndoTests {
  private func relabel(_ store: DatasetStore, _ id: Int64, _ label: String, actor: String = "rule test") throws -> Int64
  {
    let run = try store.beginRun(kind: "resolve").id
    try store.apply([LabelChange(sample: id, field: .label, to: label, reason: "")], actor: actor, run: run)
    return run
  }

  @Test("Undo puts labels, splits and exclusions back, by events of its own")
  func exactUndo() throws {
    let store = try TestDatasets.store()
    let before = try store.allSamples()
    let run = try store.beginRun(kind: "resolve").id
    try store.apply(
      [
        LabelChange(sample: 1, field: .label, to: "sad", reason: ""),
        LabelChange(sample: 1, field: .label, to: "fear", reason: "second thoughts"),
        LabelChange(sample: 2, field: .split, to: "test", reason: ""),
        LabelChange(sample: 3, field: .excluded, to: "true", reason: ""),
        LabelChange(sample: 4, field: .label, to: nil, reason: ""),
      ], actor: "rule test", run: run)
    let events = try store.events(run: nil).count
    let undo = try store.undo(run: run)
    #expect(try store.allSamples() == before)
    #expect(try store.events(run: nil).count == events + 4)
    #expect(undo.kind == "undo" && undo.undoes == run && undo.outcome == "4 events, 0 decisions")
    #expect(try store.events(run: undo.id).allSatisfy { $0.actor == "undo" })
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test("An undo can be undone, again and again")
  func undoOfUndo() throws {
    let store = try TestDatasets.store()
    let run = try relabel(store, 1, "sad")
    var last = run
    for step in 1...6 {
      last = try store.undo(run: last).id
      #expect(try store.sample(id: 1).label == (step % 2 == 1 ? "angry" : "sad"))
    }
    // In effect again after an even number of steps: it can be undone itself, once.
    let undo = try store.undo(run: run)
    #expect(try store.sample(id: 1).label == "angry")
    #expect(throws: CurationError.alreadyUndone(run: run, by: undo.id)) { try store.undo(run: run) }
  }

  @Test("What was changed again since is not undone, unless forced")
  func conflict() throws {
    let store = try TestDatasets.store()
    let first = try relabel(store, 1, "sad")
    let second = try relabel(store, 1, "fear", actor: "reviewer ann")
    #expect(
      throws: CurationError.changedSince(
        run: first, sample: "row-0000000", field: .label, by: "reviewer ann, run \(second)")
    ) { try store.undo(run: first) }
    #expect(try store.sample(id: 1).label == "fear")
    try store.undo(run: second)
    try store.undo(run: first)
    #expect(try store.sample(id: 1).label == "angry")

    let third = try relabel(store, 2, "sad")
    _ = try relabel(store, 2, "fear")
    try store.undo(run: third, force: true)
    #expect(try store.sample(id: 2).label == "disgust")
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test("What a run changed and changed back is in nobody's way")
  func roundTrip() throws {
    let store = try TestDatasets.store()
    let run = try store.beginRun(kind: "review").id
    for label in ["sad", "angry"] {
      try store.apply([LabelChange(sample: 1, field: .label, to: label, reason: "")], actor: "reviewer ann", run: run)
    }
    try store.apply([LabelChange(sample: 2, field: .label, to: "sad", reason: "")], actor: "reviewer ann", run: run)
    _ = try relabel(store, 1, "fear")
    try store.undo(run: run)
    #expect(try store.sample(id: 1).label == "fear")
    #expect(try store.sample(id: 2).label == "disgust")
  }

  @Test("A change to another field of the same sample is no conflict")
  func otherField() throws {
    let store = try TestDatasets.store()
    let run = try relabel(store, 1, "sad")
    try store.apply([LabelChange(sample: 1, field: .split, to: "test", reason: "")], actor: "rule test", run: nil)
    try store.undo(run: run)
    #expect(try store.sample(id: 1).label == "angry")
    #expect(try store.sample(id: 1).split == .test)
  }

  @Test("Runs that changed nothing, added samples or do not exist cannot be undone")
  func nothingToUndo() throws {
    let store = try TestDatasets.store()
    let empty = try store.beginRun(kind: "check").id
    #expect(throws: CurationError.nothingToUndo(run: empty)) { try store.undo(run: empty) }
    #expect(throws: CurationError.addsSamples(run: 1)) { try store.undo(run: 1) }
    #expect(throws: CurationError.noSuchRun(77)) { try store.undo(run: 77) }
  }

  @Test("Undo takes copies along that were made since")
  func copies() throws {
    let store = try TestDatasets.store()
    let run = try relabel(store, 1, "sad")
    let copy = try store.addDerived(
      [Derivation(parent: 1, operations: [.flip])], actor: "rule augment", run: nil, reason: "")[0]
    try store.undo(run: run)
    #expect(try store.sample(id: copy).label == "angry")
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test("Undo takes such copies along after another undo too, but none that was changed itself")
  func copiesAfterUndo() throws {
    let store = try TestDatasets.store()
    let first = try relabel(store, 1, "sad")
    let copies = try store.addDerived(
      [Derivation(parent: 1, operations: [.flip]), Derivation(parent: 1, operations: [.brightness(delta: 9)])],
      actor: "rule augment", run: nil, reason: "")
    let second = try relabel(store, 1, "fear")
    try store.undo(run: second)
    // Back where it was: by somebody's own word.
    _ = try relabel(store, copies[1], "happy", actor: "reviewer ann")
    _ = try relabel(store, copies[1], "sad", actor: "reviewer ann")
    try store.undo(run: first)
    #expect(try ([1] + copies).map { try store.sample(id: $0).label } == ["angry", "angry", "sad"])
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test("A copy that had the new value by itself keeps it", arguments: [("label", "fear"), ("excluded", "true")])
  func ownCopies(field: String, value: String) throws {
    let field = try #require(LabelChange.Field(rawValue: field))
    let store = try TestDatasets.store()
    let copy = try store.addDerived(
      [Derivation(parent: 1, operations: [.flip])], actor: "rule augment", run: nil, reason: "")[0]
    try store.apply([LabelChange(sample: copy, field: field, to: value, reason: "")], actor: "reviewer ann", run: nil)
    let before = try store.allSamples()
    let run = try store.beginRun(kind: "resolve").id
    try store.apply([LabelChange(sample: 1, field: field, to: value, reason: "")], actor: "rule test", run: run)
    let after = try store.allSamples()
    let undo = try store.undo(run: run)
    #expect(try store.allSamples() == before)
    try store.undo(run: undo.id)
    #expect(try store.allSamples() == after)
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test("Undoing random runs in reverse order always leads back to the beginning", arguments: 0..<8)
  func randomRuns(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let store = try TestDatasets.store()
    let copies = try store.addDerived(
      [1, 1, 2].enumerated().map { Derivation(parent: $1, operations: [.brightness(delta: Double($0 + 3))]) },
      actor: "rule augment", run: nil, reason: "")
    let before = try store.allSamples()
    var runs: [Int64] = []
    for _ in 0..<6 {
      let run = try store.beginRun(kind: "resolve").id
      let changes = try (0..<10).map { _ in
        let sample = try #require(([1, 2, 3] + copies).randomElement(using: &generator))
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
          let label = TestDatasets.classes.randomElement(using: &generator)
          return LabelChange(sample: sample, field: .label, to: label, reason: "")
        case 1:
          let split = Split.allCases.randomElement(using: &generator)
          return LabelChange(sample: sample, field: .split, to: split?.rawValue, reason: "")
        default:
          let value = Bool.random(using: &generator)
          return LabelChange(sample: sample, field: .excluded, to: "\(value)", reason: "")
        }
      }
      if try store.apply(changes, actor: "rule test", run: run) > 0 { runs.append(run) }
    }
    for run in runs.reversed() { try store.undo(run: run) }
    #expect(try store.allSamples() == before)
    #expect(try store.verifyEvents().isEmpty)
  }
}
