import Curation
import TestSupport
import Testing

@testable import Reports

/// What a report says about a dataset is what the file holds.
@Suite struct DatasetReportTests {
  /// 28 faces, four suggestions: one accepted by a person, one rejected, one accepted by a rule, one open.
  static func dataset() throws -> DatasetStore {
    let store = try TestDatasets.store()
    let samples = try store.samples().filter { $0.split == .train }
    let audit = try store.beginRun(kind: "audit", recipe: ["folds": 3], seed: 5)
    let suggestions = samples.prefix(4).enumerated().map { position, sample in
      Suggestion(
        sample: sample.id, from: sample.label ?? "", to: "neutral", confidence: 0.95 - Double(position) * 0.1,
        verdict: .wrong, signals: Signals(probabilities: [0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.7], importance: 0.2))
    }
    let scores = samples.map {
      Score(
        sample: $0.id, label: $0.label ?? "", quality: 0.5, verdict: nil,
        signals: Signals(probabilities: Array(repeating: 1 / 7, count: 7)))
    }
    try store.store(suggestions: suggestions, scores: scores, run: audit.id)
    try store.finish(audit)
    let ids = try store.suggestions().map(\.id)
    let review = try store.beginRun(kind: "review")
    try store.decide(
      [Decision(suggestion: ids[0], state: .accepted), Decision(suggestion: ids[1], state: .rejected)],
      actor: "reviewer ann", run: review.id)
    try store.finish(review)
    let resolve = try store.beginRun(kind: "resolve")
    try store.decide([Decision(suggestion: ids[2], state: .accepted)], actor: "rule accept-above", run: resolve.id)
    try store.finish(resolve)
    return store
  }

  static func content(_ store: DatasetStore) throws -> ReportContent {
    try DatasetReport(store).content(title: "faces")
  }

  @Test func `Splits, sources and examples are those of the file`() throws {
    let dataset = try #require(try Self.content(TestDatasets.store()).dataset)
    #expect(dataset.samples == 28)
    #expect(dataset.splits.map(\.samples) == [14, 7, 7])
    #expect(dataset.sources.map(\.name) == ["fer.csv"])
    #expect(dataset.examples.map(\.faces.count) == Array(repeating: 2, count: 7))
  }

  @Test func `What nobody did is left out`() throws {
    let content = try Self.content(TestDatasets.store())
    #expect(content.findings == nil)
    #expect(content.suggestions == nil)
    #expect(content.changes == nil)
    #expect(content.corrections == nil)
    #expect(content.runs.map(\.kind) == ["ingest"])
  }

  @Test func `Decisions of people are counted by confidence, those of rules are not`() throws {
    let suggestions = try #require(try Self.content(Self.dataset()).suggestions)
    #expect(suggestions.audited == 14)
    #expect(suggestions.total == 4)
    let decided = try #require(suggestions.decided)
    #expect(decided.bins.map(\.suggestions) == [1, 1])
    #expect(decided.bins.map(\.correct) == [0, 1])
    #expect(suggestions.openNoise?.counts.joined().reduce(0, +) == 1)
    #expect(suggestions.noise?.counts.joined().reduce(0, +) == 4)
  }

  @Test func `Changes name who made them, and what was taken back is gone`() throws {
    let store = try Self.dataset()
    let changes = try #require(try Self.content(store).changes)
    #expect(Set(changes.map(\.actor)) == ["reviewer ann", "rule accept-above"])
    #expect(changes.map(\.samples) == [1, 1])

    let run = try #require(try store.runs().last { $0.kind == "resolve" })
    try store.undo(run: run.id)
    #expect(try Self.content(store).changes?.map(\.actor) == ["reviewer ann"])
    let undo = try #require(try store.runs().last)
    try store.undo(run: undo.id)
    #expect(try Self.content(store).changes?.count == 2)
  }

  @Test func `Reviewers are named with what they accepted, and with their agreement`() throws {
    let store = try Self.dataset()
    let ids = try store.suggestions().map(\.id)
    let run = try store.beginRun(kind: "review")
    for (name, actions) in [("ann", [Opinion.Action.accept, .reject]), ("bob", [.accept, .accept])] {
      for (id, action) in zip([ids[0], ids[3]], actions) {
        try store.review([Opinion(suggestion: id, action: action)], reviewer: name, run: run.id)
      }
    }
    let suggestions = try #require(try Self.content(store).suggestions)
    #expect(
      suggestions.reviewers == [.init(name: "ann", faces: 2, accepted: 1), .init(name: "bob", faces: 2, accepted: 2)])
    #expect(suggestions.kappa != nil)
    #expect(try HTMLReport.render(Self.content(store)).contains("Reviewers; Fleiss’ kappa"))
  }

  @Test func `First labels stand against present ones`() throws {
    let corrections = try #require(try Self.content(Self.dataset()).corrections)
    #expect(corrections.counts.joined().reduce(0, +) == 2)
    #expect(corrections[0, 6] == 1)
    #expect(corrections[2, 6] == 1)
  }

  @Test func `A truth judges the suggestions and counts what was missed`() throws {
    let store = try Self.dataset()
    let samples = try store.samples().filter { $0.split == .train }
    let truth = DatasetReport.Truth(
      reference: "truth.csv", classes: [samples[0].id: "neutral", samples[1].id: "disgust", samples[9].id: "happy"])
    let quality = try #require(
      try DatasetReport(store, truth: truth).content(title: "faces").suggestions?.quality)
    #expect(quality.bins.map(\.suggestions) == [1, 1])
    #expect(quality.bins.map(\.correct) == [0, 1])
    #expect(quality.knownErrors == 2)
    #expect(quality.foundErrors == 1)
  }

  @Test func `The same dataset gives the same page`() throws {
    let store = try Self.dataset()
    #expect(try HTMLReport.render(Self.content(store)) == HTMLReport.render(Self.content(store)))
    let page = try HTMLReport.render(Self.content(store))
    #expect(page.contains("How often people agreed"))
    #expect(page.contains("Still in doubt"))
    #expect(page.contains("From the first label to the present one"))
    #expect(Markup.imbalance(in: page) == nil)
  }
}
