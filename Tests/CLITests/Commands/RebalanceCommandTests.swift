import Foundation
import Testing

@testable import CLI

@Suite struct RebalanceCommandTests {
  /// Three training pictures of angry, one of happy, one of happy in test.
  private func unbalanced() throws -> Workspace {
    let workspace = try Workspace()
    let rows = [
      "0,\(TestFiles.pixels(1)),Training", "0,\(TestFiles.pixels(2)),Training", "0,\(TestFiles.pixels(3)),Training",
      "3,\(TestFiles.pixels(4)),Training", "3,\(TestFiles.pixels(5)),PrivateTest",
    ]
    try workspace.write(TestFiles.csv(rows: rows), to: "faces.csv")
    _ = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    return workspace
  }

  private func trainCounts(_ workspace: Workspace, _ dataset: String) throws -> [String: Int] {
    let splits = try workspace.fercure("info", dataset, "--json").json()["splits"] as? [String: [String: Any]]
    return (splits?["train"]?["classes"] as? [String: Int] ?? [:]).filter { $0.value > 0 }
  }

  @Test func `oversampling writes a balanced dataset and leaves the first one alone`() throws {
    let workspace = try unbalanced()
    let run = try workspace.fercure("rebalance", "d.fercure", "--into", "b.fercure", "--seed", "3", "--json")
    #expect(run.status == 0)
    #expect(try trainCounts(workspace, "b.fercure") == ["angry": 3, "happy": 3])
    #expect(try trainCounts(workspace, "d.fercure") == ["angry": 3, "happy": 1])
    let info = try workspace.fercure("info", "b.fercure", "--json").json()
    #expect(info["derived"] as? Int == 2)
    #expect(info["distinctPictures"] as? Int == 7, "no two copies are alike")
  }

  @Test func `the same seed gives the same dataset`() throws {
    let workspace = try unbalanced()
    for name in ["a", "b"] {
      _ = try workspace.fercure("rebalance", "d.fercure", "--into", "\(name).fercure", "--seed", "3")
    }
    _ = try workspace.fercure("rebalance", "d.fercure", "--into", "c.fercure", "--seed", "4")
    #expect(try workspace.fercure("diff", "a.fercure", "b.fercure", "--gate", "0").status == 0)
    let other = try workspace.fercure("diff", "a.fercure", "c.fercure", "--gate", "0")
    #expect(other.status == 1)
    #expect(other.errorLine?.hasSuffix("of the samples differ, more than the gate of 0.0 %") == true)
  }

  @Test func `undersampling leaves samples out`() throws {
    let workspace = try unbalanced()
    let run = try workspace.fercure("rebalance", "d.fercure", "--into", "b.fercure", "--method", "undersample")
    #expect(run.status == 0)
    #expect(try trainCounts(workspace, "b.fercure") == ["angry": 1, "happy": 1])
  }

  @Test func `a dry run shows the table and writes nothing`() throws {
    let workspace = try unbalanced()
    let run = try workspace.fercure("rebalance", "d.fercure", "--dry-run")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("would be (nothing was written)\n"))
    #expect(run.output.contains("largest class over smallest: 3.0 before, 1.0 after"))
    #expect(try workspace.fercure("rebalance", "d.fercure").status == 64)
  }

  @Test func `a dataset that is there already is not replaced unasked`() throws {
    let workspace = try unbalanced()
    _ = try workspace.fercure("rebalance", "d.fercure", "--into", "b.fercure")
    let run = try workspace.fercure("rebalance", "d.fercure", "--into", "b.fercure")
    #expect(run.status == 1)
    #expect(run.errorLine == "b.fercure exists already; choose another name or remove it first")
    #expect(try workspace.fercure("rebalance", "d.fercure", "--into", "b.fercure", "--overwrite").status == 0)
  }

  @Test func `augment adds copies of training samples only`() throws {
    let workspace = try unbalanced()
    let run = try workspace.fercure("augment", "d.fercure", "--into", "a.fercure", "--copies", "2", "--rotate", "10")
    #expect(run.output == "a.fercure: 8 copies added, 13 samples in all\n")
    #expect(try trainCounts(workspace, "a.fercure") == ["angry": 9, "happy": 3])
  }

  @Test func `an augmentation that cannot vary enough says so, and leaves nothing behind`() throws {
    let workspace = try unbalanced()
    let run = try workspace.fercure("augment", "d.fercure", "--into", "a.fercure", "--copies", "2", "--flip")
    #expect(run.status == 1)
    #expect(run.errorLine?.hasPrefix("the augmentation makes only 1 different copies of row-0000000") == true)
    #expect(!workspace.has("a.fercure"))
  }

  @Test func `a value out of its range is wrong usage`() throws {
    let run = try unbalanced().fercure("augment", "d.fercure", "--into", "a.fercure", "--rotate", "999")
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix("Error: --rotate is a number from 0 to 180.\n"))
  }

  @Test func `a dataset that leaks is refused with the reason, unless that is allowed, which is recorded`() throws {
    let workspace = try Workspace()
    let rows = [
      "0,\(TestFiles.pixels(1)),Training", "0,\(TestFiles.pixels(2)),Training", "3,\(TestFiles.pixels(4)),Training",
      "3,\(TestFiles.pixels(4)),PrivateTest",
    ]
    try workspace.write(TestFiles.csv(rows: rows), to: "faces.csv")
    _ = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    for command in ["rebalance", "augment"] {
      let run = try workspace.fercure(command, "d.fercure", "--into", "b.fercure")
      #expect(run.status == 1)
      #expect(
        run.errorLine
          == "refused: 1 training picture is also in validation or test, such as row-0000002 as row-0000003: drop or move "
          + "them first (fercure resolve --rule drop-leaks); or pass over it with --allow-leak")
      #expect(!workspace.has("b.fercure"))
    }
    #expect(try workspace.fercure("rebalance", "d.fercure", "--into", "b.fercure", "--allow-leak").status == 0)
    let runs = try workspace.fercure("info", "b.fercure", "--json").json()["runs"] as? [[String: Any]]
    #expect((runs?.last?["recipe"] as? String)?.contains("1 training picture is also in validation or test") == true)
    _ = try workspace.fercure("resolve", "d.fercure", "--rule", "move-leaks")
    #expect(try workspace.fercure("rebalance", "d.fercure", "--into", "c.fercure").status == 0)
    let again = try workspace.fercure("rebalance", "c.fercure", "--into", "e.fercure")
    #expect(again.errorLine?.hasSuffix("or pass over it with --allow-noise") == true)
  }

  @Test func `copies are varied as a list or a pipeline says, and every row names its source`() throws {
    let workspace = try unbalanced()
    try workspace.write("- {name: rotate, degreesRange: [5, 6], border: edge}\n", to: "pipeline.yaml")
    for options in [["--with", "flip,rotate=10"], ["--pipeline", "pipeline.yaml"]] {
      let run = try workspace.start(
        ["rebalance", "d.fercure", "--into", "b.fercure", "--overwrite", "--source-index", "index.csv"] + options
      ).wait()
      #expect(run.status == 0)
      let text = try String(contentsOf: workspace.folder.appending(path: "index.csv"), encoding: .utf8)
      let lines = text.split(separator: "\n")
      #expect(lines.first == "index,source,key,copy,label" && lines.count == 8)
      #expect(lines.last == "6,3,row-0000003,2,happy")
    }
    let both = try workspace.fercure("rebalance", "d.fercure", "--dry-run", "--with", "flip", "--flip")
    #expect(both.status == 64)
    let wrong = try workspace.fercure("augment", "d.fercure", "--into", "a.fercure", "--with", "spin")
    #expect(wrong.status == 64)
  }

  @Test func `both ways meet in the middle, and weights are shown beside`() throws {
    let workspace = try unbalanced()
    let report = try workspace.fercure(
      "rebalance", "d.fercure", "--dry-run", "--method", "both", "--class-weights", "inverse", "--json"
    ).json()
    let classes = try #require((report["plan"] as? [String: Any])?["classes"] as? [[String: Any]])
    #expect(classes.filter { $0["before"] as? Int ?? 0 > 0 }.map { $0["target"] as? Int } == [2, 2])
    #expect((report["weights"] as? [String: Double])?["happy"] == 1.5)
  }
}
