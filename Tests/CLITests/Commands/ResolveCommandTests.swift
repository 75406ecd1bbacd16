import Curation
import Foundation
import Testing

@testable import CLI

@Suite struct ResolveCommandTests {
  private func audited() throws -> Workspace { try Self.audited() }

  /// A dataset with suggestions for its first three rows.
  ///
  /// - Parameter isMeasured: whether labels made wrong on purpose showed that such suggestions are right.
  static func audited(isMeasured: Bool = true) throws -> Workspace {
    let workspace = try Workspace.ingested()
    let store = try DatasetStore.open(at: workspace.folder.appending(path: "d.fercure").path)
    let run = try store.beginRun(kind: "audit")
    let samples = try store.samples()
    func suggestion(_ row: Int, _ to: String?, _ confidence: Double, _ verdict: Suggestion.Verdict) -> Suggestion {
      Suggestion(
        sample: samples[row].id, from: samples[row].label ?? "", to: to, confidence: confidence, verdict: verdict,
        signals: Signals(
          probabilities: [0.25, 0.75, 0, 0, 0, 0, 0], importance: 0.125,
          extra: isMeasured ? ["gateRight": 25, "gateJudged": 25, "gateRecognition": 0.9] : nil))
    }
    let score = Score(
      sample: samples[0].id, label: "angry", quality: 0.03, verdict: .wrong, signals: Signals(probabilities: []))
    try store.store(
      suggestions: [
        suggestion(1, nil, 0.5, .notAFace), suggestion(0, "sad", 0.97, .wrong), suggestion(2, "happy", 0.7, .ambiguous),
      ], scores: [score], run: run.id)
    try store.finish(run)
    try store.close()
    return workspace
  }

  @Test func `suggestions are listed by falling confidence`() throws {
    let workspace = try audited()
    let csv = try workspace.fercure("suggestions", "d.fercure", "--format", "csv").output.split(separator: "\n")
    #expect(csv.first?.hasPrefix("key,split,from,to,verdict,confidence,") == true)
    #expect(
      csv.dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).prefix(6).joined(separator: ",")
      }
        == [
          "row-0000000,train,angry,sad,wrong,0.970000", "row-0000002,train,fear,happy,ambiguous,0.700000",
          "row-0000001,train,disgust,,not-a-face,0.500000",
        ])
    let json = try workspace.fercure("suggestions", "d.fercure", "--json", "--min-confidence", "0.9").json()
    #expect((json["suggestions"] as? [[String: Any]])?.map { $0["key"] as? String } == ["row-0000000"])
    let table = try workspace.fercure("suggestions", "d.fercure", "--state", "open", "--limit", "1")
    #expect(table.output.split(separator: "\n").count == 3)
  }

  @Test func `scores are listed with their quality`() throws {
    let run = try audited().fercure("scores", "d.fercure", "--format", "csv")
    let lines = run.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("key,split,label,quality") == true)
    #expect(lines.last?.hasPrefix("row-0000000,train,angry,0.030000,wrong") == true)
  }

  @Test func `accepting is one run, which undo takes back exactly`() throws {
    let workspace = try audited()
    let before = try workspace.fercure("info", "d.fercure", "--json").json()
    let dry = try workspace.fercure("resolve", "d.fercure", "--accept-above", "0.7", "--dry-run")
    #expect(dry.output.hasPrefix("would be: 2 samples relabelled, 2 suggestions accepted\n"))
    let run = try workspace.fercure("resolve", "d.fercure", "--accept-above", "0.7", "--json").json()
    let number = try #require(run["run"] as? Int)
    #expect((run["summary"] as? [String: Any])?["relabelled"] as? Int == 2)
    let undo = try workspace.fercure("resolve", "d.fercure", "--undo", "\(number)")
    #expect(undo.output == "run \(number) was taken back by run \(number + 1): 2 events, 2 decisions\n")
    let after = try workspace.fercure("info", "d.fercure", "--json").json()
    #expect(after["splits"] as? NSDictionary == before["splits"] as? NSDictionary)
    #expect(after["suggestions"] as? [String: Int] == ["open": 3])
    let again = try workspace.fercure("resolve", "d.fercure", "--undo", "\(number)")
    #expect(again.status == 1)
    #expect(again.errorLine == "run \(number) was undone already, by run \(number + 1)")
  }

  @Test func `suggestions that nothing was measured about are left for a reviewer, unless told not to`() throws {
    let workspace = try Self.audited(isMeasured: false)
    let dry = try workspace.fercure("resolve", "d.fercure", "--accept-above", "0.7", "--dry-run")
    #expect(
      dry.output
        == "would be: nothing to do\nleft for a reviewer, as such suggestions are seldom right or it is not known how often: "
        + "1 into happy, 1 into sad; --ungated accepts them\n")
    let study = try workspace.fercure("study", "downstream", "d.fercure", "--accept-above", "0.7")
    #expect(
      study.errorLine?.hasPrefix("d.fercure has no open suggestion of at least 70.0 % that may be followed; ") == true)
    let all = try workspace.fercure("resolve", "d.fercure", "--accept-above", "0.7", "--ungated", "--dry-run")
    #expect(all.output.hasPrefix("would be: 2 samples relabelled, 2 suggestions accepted\n"))
  }

  @Test func `a decisions file with a wrong row changes nothing, unless told to skip it`() throws {
    let workspace = try audited()
    try workspace.write("key,action,label\nrow-0000000,accept,\nrow-9999999,exclude,\n", to: "d.csv")
    let refused = try workspace.fercure("resolve", "d.fercure", "--from", "d.csv")
    #expect(refused.status == 1)
    #expect(refused.output.isEmpty)
    #expect(refused.warnings == ["row 1 of d.csv names row-9999999, which is not in the dataset"])
    #expect(
      refused.errorLine
        == "1 of 2 rows of d.csv cannot be applied, so nothing was changed; correct them, or use --skip-invalid to "
        + "apply the others")
    #expect(try workspace.fercure("info", "d.fercure", "--json").json()["suggestions"] as? [String: Int] == ["open": 3])
    for misplaced in [["--from", "d.csv", "--split", "train"], ["--undo", "1", "--reviewer", "ada"]] {
      #expect(try workspace.start(["resolve", "d.fercure"] + misplaced).wait().status == 64, "\(misplaced)")
    }
    let applied = try workspace.fercure(
      "resolve", "d.fercure", "--from", "d.csv", "--skip-invalid", "--reviewer", "ada")
    #expect(applied.status == 0)
    #expect(applied.output.contains("1 sample relabelled, 1 suggestion accepted\n"))
    let events = try workspace.fercure("info", "d.fercure", "--json").json()["labelEvents"] as? [String: Int]
    #expect(events?["reviewer ada"] == 1)
  }

  @Test func `a file about other suggestions is refused, and so is a reviewer without a name`() throws {
    let workspace = try audited()
    try workspace.write("key,action,from,to\nrow-0000000,accept,angry,fear\n", to: "old.csv")
    let old = try workspace.fercure("resolve", "d.fercure", "--from", "old.csv")
    #expect(old.status == 1)
    #expect(
      old.warnings == [
        "row 0 of old.csv decides about angry → fear for row-0000000, but suggested is angry → sad: it is of another "
          + "audit or another dataset"
      ])
    try workspace.write("key,action,from,to\nrow-0000000,accept,angry,sad\n", to: "d.csv")
    let nobody = try workspace.fercure("resolve", "d.fercure", "--from", "d.csv", "--reviewer", " ")
    #expect(nobody.status == 1)
    #expect(nobody.errorLine == "a reviewer has a name of 1 to 80 characters, none of them a control character")
    #expect(try workspace.fercure("review", "d.fercure", "--reviewer", "").errorLine == nobody.errorLine)
    #expect(try workspace.fercure("resolve", "d.fercure", "--from", "d.csv").status == 0)
  }

  @Test func `one way to resolve has to be given`() throws {
    let workspace = try audited()
    let run = try workspace.fercure("resolve", "d.fercure")
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix("Error: Give one of --accept-above, --from, --rule and --undo.\n"))
    #expect(try workspace.fercure("resolve", "d.fercure", "--accept-above", "7").status == 64)
  }

  @Test func `an unknown rule lists those there are`() throws {
    let run = try audited().fercure("resolve", "d.fercure", "--rule", "drop-all")
    #expect(run.status == 1)
    #expect(run.errorLine?.hasPrefix("there is no rule 'drop-all'; known are drop-blank, ") == true)
  }
}
