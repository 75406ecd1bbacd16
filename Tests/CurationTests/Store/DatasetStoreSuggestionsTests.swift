import TestSupport
import Testing

@testable import Curation

struct DatasetStoreSuggestionsTests {
  private let signals = Signals(
    probabilities: [0.1, 0.9], importance: 0.2, margin: 0.8, relabelEpoch: 4, extra: ["x": 1.5])

  private func audited() throws -> (store: DatasetStore, run: Int64) {
    let store = try TestDatasets.store()
    let run = try store.beginRun(kind: "audit", seed: UInt64.max)
    try store.store(
      suggestions: [
        Suggestion(sample: 1, from: "angry", to: "sad", confidence: 0.7, verdict: .wrong, signals: signals),
        Suggestion(sample: 2, from: "disgust", to: "fear", confidence: 0.9, verdict: .ambiguous, signals: signals),
        Suggestion(sample: 3, from: "fear", to: nil, confidence: 0.8, verdict: .notAFace, signals: signals),
      ],
      scores: [
        Score(sample: 2, label: "disgust", quality: 0.1, verdict: .ambiguous, signals: signals),
        Score(sample: 1, label: "angry", quality: 0.25, verdict: nil, signals: signals),
      ], run: run.id)
    return (store, run.id)
  }

  @Test("Suggestions come by falling confidence, with all their evidence")
  func listing() throws {
    let (store, run) = try audited()
    let all = try store.suggestions()
    #expect(all.map(\.sample) == [2, 3, 1])
    #expect(all.allSatisfy { $0.run == run && $0.state == .open && $0.signals == signals && $0.decidedBy == nil })
    #expect(all.map(\.to) == ["fear", nil, "sad"])
    #expect(all.map(\.verdict) == [.ambiguous, .notAFace, .wrong])
    #expect(try store.suggestions(minConfidence: 0.8).map(\.sample) == [2, 3])
    #expect(try store.suggestions(state: .accepted).isEmpty)
    #expect(try store.suggestions(run: run + 1).isEmpty)
  }

  @Test("Scores come in order of samples, of the last audit unless another is named")
  func scores() throws {
    let (store, run) = try audited()
    #expect(try store.scores().map(\.sample) == [1, 2])
    #expect(try store.scores().map(\.verdict) == [nil, .ambiguous])
    #expect(try store.scores()[0].signals == signals)
    let later = try store.beginRun(kind: "audit").id
    try store.store(
      suggestions: [], scores: [Score(sample: 5, label: "sad", quality: 1, verdict: nil, signals: signals)], run: later)
    #expect(try store.scores().map(\.sample) == [5])
    #expect(try store.scores(run: run).map(\.sample) == [1, 2])
  }

  @Test("Accepting changes the label or excludes, relabelling takes the reviewer's, rejecting changes nothing")
  func deciding() throws {
    let (store, _) = try audited()
    let ids = Dictionary(uniqueKeysWithValues: try store.suggestions().map { ($0.sample, $0.id) })
    let run = try store.beginRun(kind: "review").id
    let events = try store.decide(
      [
        Decision(suggestion: ids[1] ?? 0, state: .accepted), Decision(suggestion: ids[3] ?? 0, state: .accepted),
        Decision(suggestion: ids[2] ?? 0, state: .relabelled, label: "happy"),
      ], actor: "reviewer ann", run: run)
    #expect(events == 3)
    #expect(try store.sample(id: 1).label == "sad")
    #expect(try store.sample(id: 2).label == "happy")
    #expect(try store.sample(id: 3).excluded)
    #expect(try store.suggestions().map(\.state) == [.relabelled, .accepted, .accepted])
    #expect(try store.suggestions().allSatisfy { $0.decidedBy == "reviewer ann" && $0.decidedAt != nil })
    #expect(try store.events(run: run).map(\.reason)[0] == "suggestion 1: wrong, 70 %")

    // Second thoughts: the labels go back with the decision.
    try store.decide(
      [
        Decision(suggestion: ids[1] ?? 0, state: .rejected), Decision(suggestion: ids[3] ?? 0, state: .open),
        Decision(suggestion: ids[2] ?? 0, state: .skipped),
      ], actor: "reviewer ann", run: run)
    #expect(try store.sample(id: 1).label == "angry")
    #expect(try store.sample(id: 2).label == "disgust")
    #expect(try !store.sample(id: 3).excluded)
    #expect(try store.suggestions(state: .open).map(\.decidedBy) == [nil])
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test("Undo restores the state of suggestions with who decided them")
  func undoing() throws {
    let (store, _) = try audited()
    let first = try store.beginRun(kind: "resolve").id
    try store.decide([Decision(suggestion: 1, state: .rejected)], actor: "reviewer ann", run: first)
    let before = (try store.suggestions(), try store.allSamples())
    let second = try store.beginRun(kind: "resolve").id
    try store.decide(
      (1...3).map { Decision(suggestion: $0, state: .accepted) }, actor: "rule accept", run: second)
    let after = (try store.suggestions(), try store.allSamples())
    #expect(after.0.allSatisfy { $0.state == .accepted })

    let undo = try store.undo(run: second)
    #expect(try store.suggestions() == before.0)
    #expect(try store.allSamples() == before.1)
    try store.undo(run: undo.id)
    #expect(try store.suggestions() == after.0)
    #expect(try store.allSamples() == after.1)
    #expect(throws: CurationError.decidedSince(run: first, sample: "row-0000000", by: "rule accept")) {
      try store.undo(run: first)
    }
  }

  @Test("A decision that cannot be made leaves everything as it was")
  func wrongDecisions() throws {
    let (store, _) = try audited()
    let wrong: [(Decision, CurationError)] = [
      (Decision(suggestion: 99, state: .accepted), .noSuchSuggestion(99)),
      (Decision(suggestion: 2, state: .relabelled), .relabelWithoutLabel(suggestion: 2)),
      (
        Decision(suggestion: 2, state: .relabelled, label: "joy"),
        .unknownClass("joy", known: TestDatasets.classes)
      ),
    ]
    for (decision, error) in wrong {
      #expect(throws: error) {
        try store.decide([Decision(suggestion: 1, state: .accepted), decision], actor: "reviewer ann", run: nil)
      }
    }
    #expect(try store.suggestions(state: .open).count == 3)
    #expect(try store.sample(id: 1).label == "angry")
  }
}
