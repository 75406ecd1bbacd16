import Foundation
import Testing

@testable import CLI

@Suite struct ExportCommandTests {
  @Test func `an exported csv is the csv that was ingested`() throws {
    let workspace = try Workspace.ingested()
    let run = try workspace.fercure("export", "d.fercure", "--to", "out", "--format", "fer-csv")
    #expect(run.status == 0)
    #expect(try workspace.text(of: "out/fer.csv") == TestFiles.csv())
  }

  @Test(arguments: ["fer-csv", "image-folder"])
  func `an export that is ingested again is the same dataset`(format: String) throws {
    let workspace = try Workspace.ingested()
    _ = try workspace.fercure("export", "d.fercure", "--to", "out", "--format", format)
    let source = format == "fer-csv" ? "out/fer.csv" : "out"
    #expect(try workspace.fercure("ingest", source, "--into", "back.fercure", "--strict").status == 0)
    let before = try workspace.fercure("info", "d.fercure", "--json").json()
    let after = try workspace.fercure("info", "back.fercure", "--json").json()
    for field in ["samples", "classes", "splits", "sizes"] {
      #expect(before[field] as? NSObject == after[field] as? NSObject, "\(field)")
    }
    let diff = try workspace.fercure("diff", "d.fercure", "back.fercure", "--gate", "0", "--json")
    #expect(diff.status == 0)
    #expect(try diff.json()["changedShare"] as? Double == 0)
  }

  @Test func `a folder that is not empty is left alone`() throws {
    let workspace = try Workspace.ingested()
    try workspace.write("mine", to: "out/notes.txt")
    let run = try workspace.fercure("export", "d.fercure", "--to", "out", "--format", "fer-csv")
    #expect(run.status == 1)
    #expect(run.errorLine == "out is not empty; choose another folder or overwrite it")
    #expect(try workspace.text(of: "out/notes.txt") == "mine")
  }

  @Test func `a folder that cannot be made is an error`() throws {
    let run = try Workspace.ingested().fercure("export", "d.fercure", "--to", "faces.csv/out", "--format", "fer-csv")
    #expect(run.status == 1)
    #expect(run.errorLine?.hasPrefix("cannot write ") == true)
  }

  @Test func `an unknown format lists those there are`() throws {
    let run = try Workspace.ingested().fercure("export", "d.fercure", "--to", "out", "--format", "zip")
    #expect(run.status == 1)
    #expect(run.errorLine == "there is no format 'zip'; the formats are fer-csv, image-folder")
  }
}
