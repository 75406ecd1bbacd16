import Curation
import TestSupport
import Testing

@testable import CLI

@Suite struct KnownLabelsTests {
  @Test func `what reviewers said stands in for votes, and a face that two labels share has both`() throws {
    let store = try TestDatasets.store()
    let samples = try store.samples().filter { $0.split == .train }
    let audit = try store.beginRun(kind: "audit")
    let others = ["sad", "happy"]
    try store.store(
      suggestions: samples.prefix(4).map { sample in
        let label = sample.label ?? ""
        return Suggestion(
          sample: sample.id, from: label, to: others.first { $0 != label }, confidence: 0.9, verdict: .wrong,
          signals: Signals(probabilities: []))
      }, scores: [], run: audit.id)
    try store.finish(audit)
    let suggestions = try store.suggestions().sorted { $0.sample < $1.sample }
    let run = try store.beginRun(kind: "review")
    _ = try store.review(
      [
        Opinion(suggestion: suggestions[0].id, action: .accept),
        Opinion(suggestion: suggestions[1].id, action: .reject),
        Opinion(
          suggestion: suggestions[2].id, action: .ambiguous, label: suggestions[2].from, second: suggestions[2].to),
      ], reviewer: "ann", run: run.id)
    let known = try KnownLabels(store)
    func votes(_ row: Int) -> Votes? { known.votes[suggestions[row].sample] }
    #expect(votes(0) == [suggestions[0].to ?? "": 10])
    #expect(votes(1) == [suggestions[1].from: 10])
    #expect(votes(2) == [suggestions[2].from: 5, suggestions[2].to ?? "": 5])
    #expect(votes(3) == nil)
  }
}
