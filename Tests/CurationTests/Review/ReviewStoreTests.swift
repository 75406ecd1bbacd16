import Foundation
import Imaging
import TestSupport
import Testing

@testable import Curation

/// What reviewers say is kept, takes effect, and can be taken back exactly.
@Suite struct ReviewStoreTests {
  /// Rows 0 to 3 have suggestions: angry to sad, disgust to angry, fear is no face, happy to neutral.
  let fixture: ResolveFixture
  let ids: [Int64]
  let run: Run

  init() throws {
    fixture = try ResolveFixture()
    ids = try fixture.store.suggestions(run: fixture.audit.id).sorted { $0.sample < $1.sample }.map(\.id)
    run = try fixture.store.beginRun(kind: "review")
  }

  private var store: DatasetStore { fixture.store }

  private func say(
    _ row: Int, _ action: Opinion.Action, label: String? = nil, second: String? = nil, by reviewer: String = "ann",
    origin: Opinion.Origin = .queue
  ) throws -> Review {
    let opinion = Opinion(suggestion: ids[row], action: action, label: label, second: second, origin: origin)
    return try #require(try store.review([opinion], reviewer: reviewer, run: run.id).first)
  }

  /// All that an undo must bring back.
  private func state() throws -> [String] {
    let samples = try store.allSamples().map { "\($0.key) \($0.label ?? "") \($0.excluded)" }
    let suggestions = try store.suggestions().sorted { $0.id < $1.id }.map {
      "\($0.id) \($0.state) \($0.decidedBy ?? "") \($0.decidedAt ?? "")"
    }
    return samples + suggestions
  }

  @Test func `What a rule accepted and a reviewer confirmed is not undone without asking`() throws {
    let rule = try store.beginRun(kind: "resolve").id
    try store.decide([Decision(suggestion: ids[0], state: .accepted)], actor: "rule accept-above", run: rule)
    _ = try say(0, .accept)
    let key = try store.sample(id: store.suggestions(ids: [ids[0]])[0].sample).key
    #expect(throws: CurationError.decidedSince(run: rule, sample: key, by: "reviewer ann")) {
      try store.undo(run: rule)
    }
    // Once it is taken back there is nothing in the way.
    _ = try store.undoReview(reviewer: "ann", run: run.id)
    try store.undo(run: rule)
    #expect(try store.suggestions(ids: [ids[0]])[0].state == .open)
  }

  @Test func `Every action does to label, exclusion and suggestion what it says`() throws {
    _ = try say(0, .accept)
    _ = try say(1, .relabel, label: "fear")
    _ = try say(2, .accept)
    _ = try say(3, .reject)
    #expect(try fixture.labels() == ["0": "sad", "1": "fear", "3": "happy", "4": "sad", "5": "surprise"])
    #expect(try fixture.states() == ["0": .accepted, "1": .relabelled, "2": .accepted, "3": .rejected])
    #expect(try store.verifyEvents() == [])
    #expect(try store.reviews().map(\.isApplied) == [true, true, true, true])
  }

  @Test func `Not a face excludes, ambiguous keeps the label and both names, skip leaves everything`() throws {
    _ = try say(0, .exclude)
    let ambiguous = try say(1, .ambiguous, label: "disgust", second: "angry")
    _ = try say(3, .skip)
    #expect(try store.sample(key: "row-0000000").excluded)
    #expect(try store.sample(key: "row-0000001").label == "disgust")
    #expect(try fixture.states() == ["0": .rejected, "1": .rejected, "2": .open, "3": .skipped])
    #expect(ambiguous.opinion.label == "disgust" && ambiguous.opinion.second == "angry")
  }

  @Test func `To relabel to the suggested label is to accept, to the given one to reject`() throws {
    #expect(try say(0, .relabel, label: "sad").opinion.action == .accept)
    #expect(try say(1, .relabel, label: "disgust").opinion.action == .reject)
    #expect(try say(2, .exclude).opinion.action == .accept)
  }

  @Test func `Undo brings back every label, exclusion, state, name and time, batch by batch`() throws {
    var states = [try state()]
    _ = try say(0, .accept)
    states.append(try state())
    try store.review(
      [
        Opinion(suggestion: ids[1], action: .exclude), Opinion(suggestion: ids[2], action: .accept),
        Opinion(suggestion: ids[3], action: .relabel, label: "fear"),
      ], reviewer: "ann", run: run.id)
    states.append(try state())
    _ = try say(0, .reject)
    while states.count > 0 {
      let undone = try store.undoReview(reviewer: "ann", run: run.id)
      #expect(undone.count == (states.count == 2 ? 3 : 1))
      #expect(try state() == states.removeLast())
    }
    #expect(try store.undoReview(reviewer: "ann", run: run.id).isEmpty)
    #expect(try store.verifyEvents() == [])
    #expect(try store.reviews(standing: true).isEmpty)
    #expect(try store.reviews().count == 5)
  }

  @Test func `Undo leaves a copy that somebody labelled, and takes the others along`() throws {
    let parent = try store.sample(key: "row-0000000").id
    let copies = try store.addDerived(
      [3, 9].map { Derivation(parent: parent, operations: [.brightness(delta: $0)]) }, actor: "rule augment", run: nil,
      reason: "")
    try store.apply(
      [LabelChange(sample: copies[0], field: .label, to: "sad", reason: "")], actor: "reviewer bob", run: nil)
    let before = try state()
    for _ in 0..<2 {
      _ = try say(0, .accept)
      #expect(try copies.map { try store.sample(id: $0).label } == ["sad", "sad"])
      _ = try store.undoReview(reviewer: "ann", run: run.id)
      #expect(try state() == before)
    }
    // What replaces an opinion puts its changes back first.
    _ = try say(0, .accept)
    _ = try say(0, .reject)
    #expect(try copies.map { try store.sample(id: $0).label } == ["sad", "angry"])
    #expect(try store.verifyEvents() == [])
  }

  @Test func `A change of mind replaces what the first opinion did`() throws {
    _ = try say(0, .exclude)
    _ = try say(0, .accept)
    let sample = try store.sample(key: "row-0000000")
    #expect(!sample.excluded && sample.label == "sad")
    _ = try say(0, .reject)
    #expect(try store.sample(key: "row-0000000").label == "angry")
    #expect(try store.verifyEvents() == [])
  }

  @Test func `A second reviewer's opinion is kept and changes nothing until the conflict is settled`() throws {
    _ = try say(0, .accept)
    let second = try say(0, .reject, by: "bob", origin: .secondPass)
    #expect(!second.isApplied)
    #expect(try store.sample(key: "row-0000000").label == "sad")
    let suggestions = Dictionary(uniqueKeysWithValues: try store.suggestions().map { ($0.id, $0) })
    #expect(SharedFace.all(try store.reviews(), suggestions: suggestions).map(\.isConflict) == [true])

    let settled = try say(0, .relabel, label: "fear", by: "cleo", origin: .conflict)
    #expect(settled.isApplied)
    #expect(try store.sample(key: "row-0000000").label == "fear")
    #expect(SharedFace.all(try store.reviews(), suggestions: suggestions).map(\.isConflict) == [false])

    _ = try store.undoReview(reviewer: "cleo", run: run.id)
    #expect(try store.sample(key: "row-0000000").label == "sad")
    #expect(try store.suggestions().first { $0.id == ids[0] }?.decidedBy == "reviewer ann")
    _ = try store.undoReview(reviewer: "bob", run: run.id)
    #expect(try store.sample(key: "row-0000000").label == "sad")
  }

  @Test func `What somebody else changed since is not taken back silently`() throws {
    _ = try say(0, .accept)
    try store.apply(
      [LabelChange(sample: store.sample(key: "row-0000000").id, field: .label, to: "fear", reason: "rule")],
      actor: "rule x", run: nil)
    #expect(throws: CurationError.self) { try store.undoReview(reviewer: "ann", run: run.id) }
    #expect(try store.sample(key: "row-0000000").label == "fear")
    #expect(try store.reviews(standing: true).count == 1)
  }

  @Test func `A run of reviews is taken back as a whole, and its undo too`() throws {
    let before = try state()
    _ = try say(0, .accept)
    _ = try say(1, .exclude)
    let after = try store.allSamples()
    let undo = try store.undo(run: run.id)
    #expect(try state() == before)
    #expect(try store.reviews(standing: true).isEmpty)
    try store.undo(run: undo.id)
    #expect(try store.allSamples() == after)
    #expect(try store.reviews(standing: true).count == 2)
  }

  @Test func `A wrong opinion changes nothing, and neither do those given with it`() throws {
    let before = try state()
    let classes = try store.classes()
    #expect(throws: CurationError.unknownClass("grin", known: classes)) {
      try store.review(
        [
          Opinion(suggestion: ids[0], action: .accept), Opinion(suggestion: ids[1], action: .relabel, label: "grin"),
        ], reviewer: "ann", run: run.id)
    }
    #expect(throws: CurationError.noSuchSuggestion(999)) {
      try store.review([Opinion(suggestion: 999, action: .accept)], reviewer: "ann", run: run.id)
    }
    #expect(throws: CurationError.relabelWithoutLabel(suggestion: ids[0])) {
      try store.review([Opinion(suggestion: ids[0], action: .relabel)], reviewer: "ann", run: run.id)
    }
    #expect(try state() == before)
  }

  @Test func `A mark tells what was touched since`() throws {
    let mark = try store.reviewMark()
    #expect(try store.reviewMark() == mark)
    _ = try say(1, .accept)
    #expect(try store.reviewMark() != mark)
    #expect(try store.suggestionsTouched(since: mark) == [ids[1]])
    #expect(try store.suggestions(ids: [ids[2], ids[0]]).map(\.id) == [ids[0], ids[2]])
  }
}
