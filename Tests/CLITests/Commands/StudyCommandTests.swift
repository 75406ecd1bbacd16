import Curation
import Foundation
import Testing

@testable import CLI

@Suite struct StudyCommandTests {
  private let downstream = [
    "study", "downstream", "d.fercure", "--accept-above", "0.9", "--ways", "raw,relabelled", "--seeds", "1,2",
    "--model", "vgg-micro", "--size", "24", "--batch", "4", "--epochs", "2", "--json",
  ]

  @Test func `networks learn what suggestions make of the labels, and a stopped study ends as one that was not`() throws
  {
    let workspace = try ResolveCommandTests.audited()
    let whole = try workspace.start(downstream).wait()
    #expect(whole.status == 0, "\(whole.errors)")
    let runs = try #require(try whole.json()["runs"] as? [[String: Any]])
    #expect(runs.map { $0["way"] as? String } == ["raw", "relabelled", "raw", "relabelled"])
    #expect(runs.allSatisfy { $0["trained"] as? Int == 21 && $0["samples"] as? Int == 7 })
    #expect(!workspace.has("d.fercure.study"))

    let stopped = try workspace.killed(
      downstream, afterWriting: "d.fercure.study/downstream/seed-2-raw.training", seconds: 0)
    #expect(stopped.status == 137)
    let resumed = try workspace.start(downstream).wait()
    #expect(resumed.output == whole.output)
    #expect(!workspace.has("d.fercure.study"))
  }

  @Test func `settings of SCN's relabelling are replayed, and networks learn from what some make of the labels`() throws
  {
    let workspace = try Workspace.ingested()
    let store = try DatasetStore.open(at: workspace.folder.appending(path: "d.fercure").path)
    let keys = try store.samples().map(\.key)
    try store.close()
    // All are happy: relabels to that are right, and labels that were no other are rare.
    try workspace.write("key,true\n" + keys.map { "\($0),happy\n" }.joined(), to: "truth.csv")
    let study = [
      "study", "relabel", "d.fercure", "--truth", "truth.csv", "--downstream", "3", "--seeds", "1,2", "--model",
      "vgg-micro", "--size", "24", "--batch", "4", "--epochs", "6", "--chart", "c.svg",
    ]
    let whole = try workspace.start(study + ["--json"]).wait()
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.errors.contains("networks learn for only 30 steps"), "\(whole.errors)")
    let outcomes = try #require(try whole.json()["outcomes"] as? [[String: Any]])
    let changed = outcomes.compactMap { $0["changed"] as? Int }
    #expect(outcomes.count > 15 && (changed.max() ?? 0) > 0 && changed.allSatisfy { $0 <= 21 })
    #expect(
      outcomes.allSatisfy { ($0["right"] as? Int ?? 99) + ($0["harmful"] as? Int ?? 99) <= $0["judged"] as? Int ?? 0 })
    let runs = try #require(try whole.json()["downstream"] as? [[String: Any]])
    // Raw labels and the recipe's own setting at least, by labels and by the truth, for each seed.
    #expect(runs.count >= 4 && runs.count <= 16 && runs.count.isMultiple(of: 4))
    #expect(
      runs.filter { $0["setting"] == nil }.map { $0["reference"] as? String } == ["labels", "truth", "labels", "truth"])
    #expect(Set(runs.compactMap { $0["seed"] as? Int }) == [1, 2])
    #expect(
      try String(contentsOf: workspace.folder.appending(path: "c.svg"), encoding: .utf8).contains(
        "test accuracy against truth"))
    #expect(!workspace.has("d.fercure.study"))

    let killed = try workspace.killed(
      study + ["--json"], afterWriting: "d.fercure.study/relabel/downstream/seed-2-raw.training", seconds: 0)
    #expect(killed.status == 137)
    #expect(workspace.has("d.fercure.study/relabel/downstream/seed-1-raw.training"))
    #expect(try workspace.start(study + ["--json"]).wait().output == whole.output)
    let text = try workspace.start(study).wait().output
    #expect(text.contains("networks trained on these labels, 2 seeds"))
    for seeds in ["1,1", "1,x", ""] {
      #expect(try workspace.fercure("study", "downstream", "d.fercure", "--seeds", seeds).status == 64)
    }
  }

  @Test func `labels are made wrong and auditors counted, and networks that learn little are told of`() throws {
    let workspace = try Workspace.ingested()
    let store = try DatasetStore.open(at: workspace.folder.appending(path: "d.fercure").path)
    let trusted = try store.samples().filter { $0.split == .train }.prefix(14)
    try store.close()
    try workspace.write(
      "key,true\n" + trusted.map { "\($0.key),\($0.label ?? "")\n" }.joined(), to: "truth.csv")
    let study = try workspace.start([
      "study", "noise", "d.fercure", "--truth", "truth.csv", "--rates", "0.2", "--model", "vgg-micro", "--size", "24",
      "--batch", "4", "--epochs", "2", "--folds", "2", "--fold-epochs", "1",
    ]).wait()
    #expect(study.status == 0, "\(study.errors)")
    #expect(study.errors.contains("networks learn for only 6 steps"), "\(study.errors)")
    #expect(study.output.contains("uniform noise in 20.0 %: 3 labels are wrong"), "\(study.output)")
    let columns = "auditor *flagged *precision *recall *F1 *mended *relabels right *ranking within classes"
    #expect(try study.output.contains(Regex(columns)), "\(study.output)")
    #expect(study.output.contains("self-cure, published rule"))
    #expect(!workspace.has("d.fercure.study"))
  }
}
