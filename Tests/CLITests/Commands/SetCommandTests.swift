import Foundation
import Testing

@testable import CLI

@Suite struct SetCommandTests {
  @Test func `filter lists what matches, or writes a dataset of it`() throws {
    let workspace = try Workspace.ingested()
    let list = try workspace.fercure("filter", "d.fercure", "--where", "label = 'happy' and split = 'train'")
    #expect(list.output == "row-0000003\nrow-0000010\nrow-0000017\n")
    let run = try workspace.fercure("filter", "d.fercure", "--where", "label <> 'happy'", "--into", "f.fercure")
    #expect(run.output == "f.fercure: 30 samples kept, 5 excluded\n")
    #expect(try workspace.fercure("info", "f.fercure", "--json").json()["samples"] as? Int == 30)
    _ = try workspace.fercure("augment", "d.fercure", "--flip", "--zoom", "0.9", "--into", "a.fercure")
    let derived = try workspace.fercure("filter", "a.fercure", "--where", "derived", "--into", "c.fercure")
    #expect(derived.status == 0)
    let kept = try workspace.fercure("info", "c.fercure", "--json").json()
    #expect(kept["samples"] as? Int ?? 0 > 0 && kept["samples"] as? Int == kept["derived"] as? Int)
    let folds = try workspace.fercure("split", "d.fercure", "--folds=-1", "--fold=0")
    #expect(folds.status == 64)
    let runs = try workspace.fercure("info", "f.fercure", "--json").json()["runs"] as? [[String: Any]]
    #expect(runs?.last?["outcome"] as? String == "30 kept, 5 excluded")
    #expect(try workspace.fercure("filter", "d.fercure", "--where", "label is null").output.isEmpty)
    let bad = try workspace.fercure("filter", "d.fercure", "--where", "colour = 1")
    #expect(bad.status == 1)
    #expect(
      bad.errorLine?.hasPrefix("'colour = 1' is no condition: no such column: colour; the columns are key, ") == true)
  }

  @Test func `split moves training samples and can be undone`() throws {
    let workspace = try Workspace.ingested()
    let report = try workspace.fercure("split", "d.fercure", "--validation", "0.34", "--json").json()
    #expect(report["moved"] as? Int == 7)
    let splits = try workspace.fercure("info", "d.fercure", "--json").json()["splits"] as? [String: [String: Any]]
    #expect(splits?["validation"]?["total"] as? Int == 14)
    let run = try #require(report["run"] as? Int)
    #expect(try workspace.fercure("resolve", "d.fercure", "--undo", "\(run)").status == 0)
    #expect(try workspace.fercure("split", "d.fercure").status == 64)
  }

  @Test func `folds are written as a csv`() throws {
    let workspace = try Workspace.ingested()
    #expect(try workspace.fercure("split", "d.fercure", "--folds", "3", "--to", "folds.csv").status == 0)
    let text = try String(contentsOf: workspace.folder.appending(path: "folds.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    #expect(lines.first == "key,fold" && lines.count == 22)
    for fold in 0..<3 { #expect(lines.count { $0.hasSuffix(",\(fold)") } == 7) }
  }

  @Test func `merge maps labels and tells what has no place`() throws {
    let workspace = try Workspace.ingested()
    for (index, name) in ["anger/S010_004_01.png", "contempt/S011_001_01.png"].enumerated() {
      try workspace.write(TestFiles.png(500 + index), to: "ck/\(name)")
    }
    _ = try workspace.fercure("ingest", "ck", "--into", "ck.fercure")
    let refused = try workspace.fercure("merge", "d.fercure", "ck.fercure", "--into", "m.fercure")
    #expect(refused.status == 1)
    #expect(refused.errorLine?.contains("map it to one of angry, ") == true)
    #expect(!workspace.has("m.fercure"))
    let run = try workspace.fercure(
      "merge", "d.fercure", "ck.fercure", "--into", "m.fercure", "--map", "contempt=-", "--json")
    #expect(try run.json()["samples"] as? Int == 36)
    #expect(try workspace.fercure("merge", "d.fercure", "--into", "x.fercure").status == 64)
  }

  @Test func `a merge that fails, or that would replace what it reads, leaves every dataset as it was`() throws {
    let workspace = try Workspace.ingested()
    try workspace.write(TestFiles.png(500), to: "ck/contempt/S011_001_01.png")
    _ = try workspace.fercure("ingest", "ck", "--into", "ck.fercure")
    _ = try workspace.fercure("filter", "d.fercure", "--where", "label = 'sad'", "--into", "kept.fercure")
    try FileManager.default.createSymbolicLink(
      at: workspace.folder.appending(path: "link"), withDestinationURL: workspace.folder)
    func samples() throws -> [Int?] {
      try ["d", "ck", "kept"].map {
        try workspace.fercure("info", "\($0).fercure", "--json").json()["samples"] as? Int
      }
    }
    let before = try samples()
    #expect(before == [35, 1, 5])
    let unmapped = try workspace.fercure(
      "merge", "d.fercure", "ck.fercure", "--into", "kept.fercure", "--overwrite")
    #expect(unmapped.status == 1 && unmapped.errorLine?.contains("contempt") == true)
    for (target, command) in [
      ("ck.fercure", ["merge", "d.fercure", "ck.fercure", "--map", "contempt=-"]),
      ("link/ck.fercure", ["merge", "d.fercure", "ck.fercure", "--map", "contempt=-"]),
      ("link/d.fercure", ["filter", "d.fercure", "--where", "label = 'sad'"]),
      ("link/d.fercure", ["augment", "d.fercure"]), ("link/d.fercure", ["rebalance", "d.fercure"]),
    ] {
      let run = try workspace.start(command + ["--into", target, "--overwrite"]).wait()
      #expect(run.status == 1)
      #expect(
        run.errorLine == "cannot write \(target): it is a dataset that is read here; name another file", "\(command)")
    }
    #expect(try samples() == before)
    #expect(!workspace.has("kept.fercure.partial"))
  }

  @Test func `votes become labels, or a csv of soft labels`() throws {
    let workspace = try Workspace()
    let rows = (1...3).map { "0,\(TestFiles.pixels($0)),Training" }
    try workspace.write(TestFiles.csv(rows: rows), to: "faces.csv")
    try workspace.write(
      """
      Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF
      Training,a,0,8,1,0,1,0,0,0,0,0
      Training,b,0,0,0,0,0,0,0,0,0,10
      Training,c,0,0,0,0,0,0,0,0,0,0

      """, to: "votes.csv")
    _ = try workspace.fercure("ingest", "faces.csv", "--votes", "votes.csv", "--into", "d.fercure")
    #expect(try workspace.fercure("votes", "d.fercure", "--soft", "soft.csv").status == 0)
    let soft = try String(contentsOf: workspace.folder.appending(path: "soft.csv"), encoding: .utf8)
    #expect(soft.contains("row-0000000,train,angry,10,0.1,0.0,0.0,0.8,0.0,0.1,0.0,"))
    let run = try workspace.fercure("votes", "d.fercure", "--rule", "ferplus", "--exclude-undecided", "--json").json()
    #expect(run["relabelled"] as? Int == 1 && run["excluded"] as? Int == 1 && run["withVotes"] as? Int == 2)
    let classes = try workspace.fercure("info", "d.fercure", "--json").json()["splits"] as? [String: [String: Any]]
    #expect((classes?["train"]?["classes"] as? [String: Int])?["happy"] == 1)
  }

  @Test func `a study of rotation recommends a bound and draws it`() throws {
    let workspace = try Workspace.ingested()
    let report = try workspace.fercure("study", "rotation", "d.fercure", "--chart", "r.svg", "--json").json()
    #expect(report["recommended"] as? Double == 10)
    let angles = try #require(report["angles"] as? [[String: Any]])
    let invented = angles.compactMap { $0["invented"] as? Double }
    #expect(invented == invented.sorted() && invented.first == 0)
    #expect(workspace.has("r.svg"))
    let upsampling = try workspace.fercure("study", "upsample", "d.fercure", "--sizes", "48,96")
    #expect(upsampling.output.contains("recommended filter: "))
    let pose = try workspace.fercure("study", "pose", "d.fercure")
    #expect(pose.status == 1 && pose.errors.contains("are too few; 400 are needed"))
  }
}
