import Testing

@testable import Curation

@Suite struct ResolverTests {
  @Test func `accepting above a confidence takes those at or above it`() throws {
    let fixture = try ResolveFixture()
    let resolver = Resolver(fixture.store)
    let plan = try resolver.accept(above: 0.8)
    #expect(plan.summary.decisions == ["accepted": 3])
    #expect(plan.summary.relabelled == 2)
    #expect(plan.summary.excluded == 1)
    #expect(
      plan.summary.transitions == [
        ResolvePlan.Transition(from: "angry", to: "sad", count: 1),
        ResolvePlan.Transition(from: "disgust", to: "angry", count: 1),
      ])
    #expect(try fixture.labels()["0"] == "angry", "a plan changes nothing")

    let run = try #require(try resolver.apply(plan, recipe: ["acceptAbove": 0.8]))
    #expect(run.kind == "resolve")
    #expect(run.recipe == #"{"acceptAbove":0.8}"#)
    #expect(run.outcome == "3 events, 3 decisions")
    #expect(
      try fixture.labels() == ["0": "sad", "1": "angry", "3": "happy", "4": "sad", "5": "surprise"])
    #expect(try fixture.states() == ["0": .accepted, "1": .accepted, "2": .accepted, "3": .open])
    #expect(try fixture.store.verifyEvents() == [])
  }

  @Test func `a label that is more probable than what is proposed for it is left to a person`() throws {
    let fixture = try ResolveFixture()
    let store = fixture.store
    let run = try store.beginRun(kind: "audit", recipe: "{}", seed: 2)
    func suggestion(_ row: Int, to: String?, given: Double) throws -> Suggestion {
      let sample = try store.sample(key: "row-000000\(row)")
      return Suggestion(
        sample: sample.id, from: try #require(sample.label), to: to, confidence: 0.4,
        verdict: to == nil ? .notAFace : .wrong,
        signals: Signals(probabilities: [], extra: [Signals.givenProbabilityKey: given]))
    }
    let ahead = try suggestion(0, to: "sad", given: 0.45)
    let behind = try suggestion(1, to: "angry", given: 0.35)
    // Whether there is a face is another question.
    let faceless = try suggestion(3, to: nil, given: 0.9)
    try store.store(suggestions: [ahead, behind, faceless], scores: [], run: run.id)
    try store.finish(run, outcome: "3 suggestions")
    let plan = try Resolver(store).accept(above: 0.4)
    let accepted = Set(plan.decisions.map(\.suggestion))
    let taken = try store.suggestions(run: run.id).filter { accepted.contains($0.id) }.map(\.sample)
    #expect(Set(taken) == [behind.sample, faceless.sample])
  }

  @Test func `a row that accepts another label than is suggested is not applied`() throws {
    let fixture = try ResolveFixture()
    let plan = try Resolver(fixture.store).plan(
      fixture.decisions("0 accept happy", "1 accept angry", "3 accept"), reviewer: "ann")
    #expect(plan.summary.decisions == ["accepted": 2])
    #expect(plan.rejections.map(\.reason).count == 1)
    #expect(
      plan.rejections.first?.reason.contains("accepts happy for row-0000000, but suggested is sad: write relabel")
        == true)
  }

  @Test func `undo puts labels, exclusions and decisions back, and undoing the undo brings them again`() throws {
    let fixture = try ResolveFixture()
    let resolver = Resolver(fixture.store)
    let (labels, states) = (try fixture.labels(), try fixture.states())
    let run = try #require(try resolver.apply(resolver.accept(above: 0), recipe: [String: String]()))
    let (changedLabels, changedStates) = (try fixture.labels(), try fixture.states())
    #expect(changedLabels != labels)
    let undo = try resolver.undo(run: run.id)
    #expect(try fixture.labels() == labels)
    #expect(try fixture.states() == states)
    try resolver.undo(run: undo.id)
    #expect(try fixture.labels() == changedLabels)
    #expect(try fixture.states() == changedStates)
  }

  @Test func `a split that is not asked for is left alone`() throws {
    let fixture = try ResolveFixture()
    #expect(try Resolver(fixture.store).accept(above: 0, splits: [.test]).isEmpty)
  }

  @Test func `a suggestion about a label that changed since stays open and is listed`() throws {
    let fixture = try ResolveFixture()
    let sample = try fixture.store.sample(key: "row-0000000")
    try fixture.store.apply(
      [LabelChange(sample: sample.id, field: .label, to: "fear", reason: "test")], actor: "reviewer a", run: nil)
    let plan = try Resolver(fixture.store).accept(above: 0.9)
    #expect(plan.summary.decisions == ["accepted": 1])
    #expect(
      plan.rejections == [
        Rejection(
          item: "row-0000000", reason: "row-0000000 has changed since the audit: its suggestion stays open")
      ])
  }

  @Test func `of two audits the last one counts`() throws {
    let fixture = try ResolveFixture()
    try fixture.auditAgain()
    let plan = try Resolver(fixture.store).accept(above: 0.95)
    #expect(plan.summary.transitions == [ResolvePlan.Transition(from: "angry", to: "fear", count: 1)])
  }

  @Test func `every action of a decisions file does what it says`() throws {
    let fixture = try ResolveFixture()
    let resolver = Resolver(fixture.store)
    let file = try fixture.decisions(
      "0 accept", "1 reject", "2 exclude", "3 relabel fear", "4 exclude", "5 relabel sad")
    let plan = try resolver.plan(file, reviewer: "ada")
    #expect(plan.rejections.isEmpty)
    #expect(plan.actor == "reviewer ada")
    try resolver.apply(plan, recipe: [String: String]())
    #expect(try fixture.labels() == ["0": "sad", "1": "disgust", "3": "fear", "5": "sad"])
    #expect(try fixture.states() == ["0": .accepted, "1": .rejected, "2": .accepted, "3": .relabelled])
    let events = try fixture.store.events(of: fixture.store.sample(key: "row-0000003"))
    #expect(events.last?.actor == "reviewer ada")
    #expect(events.last?.reason == "decided by ada")
  }

  @Test func `excluding a sample whose label was questioned rejects the label and takes the sample out`() throws {
    let fixture = try ResolveFixture()
    let resolver = Resolver(fixture.store)
    try resolver.apply(resolver.plan(fixture.decisions("0 exclude", "1 skip"), reviewer: "a"), recipe: [0])
    #expect(try fixture.labels()["0"] == nil)
    #expect(try fixture.store.sample(key: "row-0000000").label == "angry")
    #expect(try fixture.states()["0"] == .rejected)
    #expect(try fixture.states()["1"] == .skipped)
  }

  @Test func `rows that cannot be applied are all listed, each with its reason`() throws {
    let fixture = try ResolveFixture()
    let file = try fixture.decisions("9 reject", "0 relabel joy", "4 accept", "0 accept", "1 fly", "1 accept")
    let plan = try Resolver(fixture.store).plan(file, reviewer: "a")
    #expect(
      plan.rejections.map(\.reason) == [
        "row 4 of d.csv has the action 'fly', expected one of accept, reject, relabel, ambiguous, exclude, skip",
        "row 0 of d.csv names row-0000009, which is not in the dataset",
        "row 1 of d.csv gives row-0000000 the label 'joy'; "
          + "the classes are angry, disgust, fear, happy, sad, surprise, neutral",
        "row 2 of d.csv wants to accept row-0000004, which has no open suggestion",
        "row 3 of d.csv decides about row-0000000 again, after row 1",
      ])
    #expect(plan.decisions.count == 1)
  }

  @Test func `rows about other suggestions or other pictures are listed, and change nothing`() throws {
    let fixture = try ResolveFixture()
    let resolver = Resolver(fixture.store)
    let rows = [
      "0,accept,,angry,sad", "1,accept,,disgust,fear", "2,reject,,fear,", "3,relabel,sad,sad,neutral",
      "4,exclude,,sad,", "5,relabel,fear,angry,fear",
    ]
    let text = "key,action,label,from,to\n" + rows.map { "row-000000\($0)\n" }.joined()
    let plan = try resolver.plan(DecisionFile(Array(text.utf8), name: "d.csv"), reviewer: "ada")
    #expect(
      plan.rejections.map(\.reason) == [
        "row 1 of d.csv decides about disgust → fear for row-0000001, but suggested is disgust → angry: it is of another "
          + "audit or another dataset",
        "row 3 of d.csv decides about sad → neutral for row-0000003, but suggested is happy → neutral: it is of another "
          + "audit or another dataset",
        "row 5 of d.csv decides about angry → fear for row-0000005, but its label is surprise: it was changed since, or is "
          + "another picture",
      ])
    try resolver.apply(plan, recipe: [String: String]())
    #expect(
      try fixture.labels() == ["0": "sad", "1": "disgust", "2": "fear", "3": "happy", "5": "surprise"])
    // Second opinions are held against the suggestion that they are about, too.
    let second = "key,action,from,to\nrow-0000000,reject,angry,fear\nrow-0000002,accept,fear,\n"
    let other = try resolver.plan(DecisionFile(Array(second.utf8), name: "e.csv"), reviewer: "bob")
    #expect(other.rejections.map(\.item) == ["row 0"] && other.opinions.count == 1)
  }

  @Test func `a file that was filled in before another audit does not decide about what that one suggests`() throws {
    let fixture = try ResolveFixture()
    try fixture.auditAgain()
    let file = try DecisionFile(Array("key,action,from,to\nrow-0000000,accept,angry,sad\n".utf8), name: "d.csv")
    let plan = try Resolver(fixture.store).plan(file, reviewer: "ada")
    #expect(plan.isEmpty && plan.rejections.count == 1)
    // A file that does not say what it is about is taken at its word.
    #expect(try Resolver(fixture.store).plan(fixture.decisions("0 accept"), reviewer: "ada").decisions.count == 1)
  }

  @Test(arguments: ["", "  ", "a\u{7}b", String(repeating: "n", count: 81)])
  func `a reviewer has a name`(name: String) throws {
    let fixture = try ResolveFixture()
    #expect(throws: CurationError.badReviewer(name)) {
      try Resolver(fixture.store).plan(fixture.decisions("0 accept"), reviewer: name)
    }
    #expect(try Resolver(fixture.store).plan(fixture.decisions("0 accept"), reviewer: " ada ").actor == "reviewer ada")
  }

  @Test func `a plan without changes makes no run`() throws {
    let fixture = try ResolveFixture()
    let resolver = Resolver(fixture.store)
    let runs = try fixture.store.runs().count
    #expect(try resolver.apply(resolver.accept(above: 1), recipe: [String: String]()) == nil)
    #expect(try fixture.store.runs().count == runs)
  }

  @Test func `rules run the checks that they go by`() throws {
    let fixture = try ResolveFixture()
    let resolver = Resolver(fixture.store)
    let plan = try resolver.plan(rules: [.dropBlank, .dropLeaks])
    #expect(plan.actor == "rule drop-blank, drop-leaks")
    #expect(plan.isEmpty)
  }
}
