import Foundation
import Imaging
import Testing

@testable import CLI

@Suite struct CheckCommandTests {
  @Test func `copies are found, and a rule takes them out until it is undone`() throws {
    let workspace = try Workspace()
    let rows = [
      "0,\(TestFiles.pixels(1)),Training", "0,\(TestFiles.pixels(1)),Training", "3,\(TestFiles.pixels(2)),Training",
    ]
    try workspace.write(TestFiles.csv(rows: rows), to: "faces.csv")
    _ = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    let report = try workspace.fercure("check", "d.fercure", "--only", "exact-duplicates", "--json").json()
    let check = try #require((report["checks"] as? [[String: Any]])?.first)
    #expect(check["check"] as? String == "exact-duplicates")
    #expect(check["samples"] as? Int == 2)
    #expect(check["groups"] as? Int == 1)
    #expect((report["findings"] as? [[String: Any]])?.map { $0["key"] as? String } == ["row-0000000", "row-0000001"])

    let resolved = try workspace.fercure("resolve", "d.fercure", "--rule", "drop-duplicates", "--json").json()
    #expect((resolved["summary"] as? [String: Any])?["excluded"] as? Int == 1)
    #expect(try workspace.fercure("info", "d.fercure", "--json").json()["samples"] as? Int == 2)
    let run = try #require(resolved["run"] as? Int)
    #expect(try workspace.fercure("resolve", "d.fercure", "--undo", "\(run)").status == 0)
    #expect(try workspace.fercure("info", "d.fercure", "--json").json()["samples"] as? Int == 3)
  }

  @Test func `an unknown check lists those there are`() throws {
    let workspace = try Workspace()
    try workspace.write(TestFiles.csv(), to: "faces.csv")
    _ = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    let run = try workspace.fercure("check", "d.fercure", "--only", "smell")
    #expect(run.status == 1)
    #expect(run.errorLine?.hasPrefix("there is no check 'smell'; known are exact-duplicates, ") == true)
  }

  @Test func `pairs, scores and sheets are written beside`() throws {
    let workspace = try Workspace()
    let mirrored = TestFiles.picture(1).flipped().pixels.map(String.init).joined(separator: " ")
    let rows = ["0,\(TestFiles.pixels(1)),Training", "3,\(mirrored),PrivateTest", "3,\(TestFiles.pixels(2)),Training"]
    try workspace.write(TestFiles.csv(rows: rows), to: "faces.csv")
    _ = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    let run = try workspace.fercure(
      "check", "d.fercure", "--pairs", "pairs.csv", "--scores", "scores.csv", "--sheets", "sheets")
    #expect(run.status == 0)
    func text(_ name: String) throws -> String {
      try String(contentsOf: workspace.folder.appending(path: name), encoding: .utf8)
    }
    #expect(
      try text("pairs.csv")
        == "first,second,correlation,mirrored,x,y,firstSplit,firstLabel,secondSplit,secondLabel\n"
        + "row-0000000,row-0000001,1.000000,true,0,0,train,angry,test,happy\n")
    #expect(
      try text("scores.csv").hasPrefix("key,blank,dark,bright,low-contrast,blurry,low-information,graphic,border\n"))
    #expect(workspace.has("sheets/near-leaks.png"))
  }
}
