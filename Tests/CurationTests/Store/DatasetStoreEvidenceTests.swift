import TestSupport
import Testing

@testable import Curation

struct DatasetStoreEvidenceTests {
  @Test("Runs keep recipe, seed and outcome, and an unfinished one its state")
  func runs() throws {
    let store = try TestDatasets.store()
    var run = try store.beginRun(kind: "audit", recipe: ["epochs": 3], seed: .max)
    #expect(run.recipe == #"{"epochs":3}"#)
    #expect(run.seed == .max)
    #expect(run.version == ToolVersion.current)
    run = try store.note(run, outcome: "fold 2 of 5")
    #expect(run.finished == nil)
    #expect(try store.lastRun(kind: "audit")?.outcome == "fold 2 of 5")
    run = try store.finish(run)
    #expect(run.finished != nil && run.outcome == "done")
    #expect(try store.runs().map(\.kind) == ["ingest", "audit"])
    #expect(try store.lastRun(kind: "review") == nil)
  }

  @Test("Findings of a check replace what it found before, also when it finds nothing any more")
  func findings() throws {
    let store = try TestDatasets.store()
    let run = try store.beginRun(kind: "check").id
    let blank = Finding(check: "blank", sample: 2, score: 0, group: nil, detail: "all 7")
    let copy = Finding(check: "exact-duplicates", sample: 3, score: 0.5, group: "g1", detail: "like row-0000001")
    try store.add(findings: [blank, copy], run: run)
    #expect(try store.findings() == [blank, copy])
    #expect(try store.findings(check: "blank") == [blank])
    try store.add(findings: [copy], run: run)
    #expect(try store.findings() == [blank, copy])
    try store.add(findings: [], checks: ["blank"], run: run)
    #expect(try store.findings() == [copy])
    #expect(throws: CurationError.noSuchRun(9)) { try store.add(findings: [blank], run: 9) }
  }

  @Test("The info counts what there is, excluded samples apart")
  func info() throws {
    let store = try TestDatasets.store(
      TestDatasets.rows + [TestRow(3, seed: 3), TestRow(3, seed: 100)])
    try store.apply([LabelChange(sample: 30, field: .excluded, to: "true", reason: "")], actor: "rule x", run: nil)
    try store.apply([LabelChange(sample: 28, field: .label, to: nil, reason: "")], actor: "rule x", run: nil)
    let info = try store.info()
    #expect(info.samples == 29)
    #expect(info.classes == TestDatasets.classes)
    #expect(info.splits["train"]?.total == 15)
    #expect(info.splits["train"]?.classes["happy"] == 3)
    #expect(info.splits["test"]?.total == 7)
    #expect(info.splits["test"]?.classes["neutral"] == 0)
    #expect(info.imbalanceRatio == 1.5)
    #expect(info.excluded == 1 && info.unlabelled == 1 && info.derived == 0)
    #expect(info.distinctPictures == 28)
    #expect(info.sizes == [.init(width: 48, height: 48, channels: 1, samples: 29)])
    #expect(info.labelEvents == ["ingest": 60, "rule x": 2])
    #expect(info.sources == [.init(name: "fer.csv", kind: "fer-csv", keyPrefix: "", samples: 30)])
    let json = String(decoding: try info.json(), as: UTF8.self)
    #expect(json.contains(#""samples" : 29"#))
    #expect(try info.json() == store.info().json())
  }
}
