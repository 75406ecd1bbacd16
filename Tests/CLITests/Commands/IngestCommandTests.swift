import Curation
import Foundation
import Imaging
import Testing

@testable import CLI

@Suite struct IngestCommandTests {
  @Test func `a csv becomes a dataset, and ingesting it again changes nothing`() throws {
    let workspace = try Workspace()
    try workspace.write(TestFiles.csv(), to: "faces.csv")
    let first = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    #expect(first.status == 0)
    #expect(
      first.output == """
        d.fercure

        source     format   added  unchanged  rejected
        ---------  -------  -----  ---------  --------
        faces.csv  fer-csv     35          0         0

        """)
    let before = try workspace.fercure("info", "d.fercure", "--json")
    let second = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure", "--json", "--quiet")
    #expect(second.errors.isEmpty)
    let source = try #require(try (second.json()["sources"] as? [[String: Any]])?.first)
    #expect(source["added"] as? Int == 0)
    #expect(source["unchanged"] as? Int == 35)
    #expect(try workspace.fercure("info", "d.fercure", "--json").output == before.output)
  }

  @Test func `the standard input is a source`() throws {
    let workspace = try Workspace()
    let run = try workspace.fercure("ingest", "-", "--into", "d.fercure", input: TestFiles.csv())
    #expect(run.status == 0)
    #expect(run.output.contains("stdin   fer-csv     35"))
  }

  @Test(arguments: [
    ("0,\(TestFiles.pixels(9).dropLast(4)),Training", "row 1 of faces.csv has 2303 pixels, expected 2304"),
    (
      "0,256 \(TestFiles.pixels(9).split(separator: " ").dropFirst().joined(separator: " ")),Training",
      "row 1 of faces.csv has '256' in column pixels at pixel 0, expected a number from 0 to 255"
    ),
    (
      "0,abc \(TestFiles.pixels(9).split(separator: " ").dropFirst().joined(separator: " ")),Training",
      "row 1 of faces.csv has 'abc' in column pixels at pixel 0, expected a number from 0 to 255"
    ),
    (
      "9,\(TestFiles.pixels(9)),Training",
      "row 1 of faces.csv has the label '9'; the labels are 0 angry, 1 disgust, 2 fear, 3 happy, 4 sad, 5 surprise, "
        + "6 neutral"
    ),
  ])
  func `a bad row is listed and the others are taken`(row: String, reason: String) throws {
    let workspace = try Workspace()
    let good = "0,\(TestFiles.pixels(1)),Training"
    try workspace.write(TestFiles.csv(rows: [good, row, "1,\(TestFiles.pixels(2)),Training"]), to: "faces.csv")
    let run = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure", "--quiet")
    #expect(run.status == 0)
    #expect(run.warnings == [reason])
    #expect(run.output.contains("faces.csv  fer-csv      2          0         1"))
    let keys = try DatasetStore.open(at: workspace.folder.appending(path: "d.fercure").path).samples().map(\.key)
    #expect(keys == ["row-0000000", "row-0000002"], "a rejected row keeps its number")
  }

  @Test func `strict makes a rejection the exit code 2`() throws {
    let workspace = try Workspace()
    try workspace.write(
      TestFiles.csv(rows: ["0,\(TestFiles.pixels(1)),Training", "0,1 2 3,Training"]), to: "faces.csv")
    #expect(try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure", "--strict").status == 2)
    #expect(try workspace.fercure("info", "d.fercure").status == 0)
  }

  @Test(arguments: [
    ("", "faces.csv is empty"),
    (
      "name,age\nx,1\n",
      "faces.csv has the columns name, age; wanted are emotion, pixels and Usage, or at least pixels"
    ),
    ("<!DOCTYPE html><html></html>\n", "faces.csv is no csv: it is a web page"),
  ])
  func `a file that is no FER csv is an error, and no dataset is left behind`(text: String, reason: String) throws {
    let workspace = try Workspace()
    try workspace.write(text, to: "faces.csv")
    let run = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    #expect(run.status == 1)
    #expect(run.errorLine == reason)
    #expect(run.output.isEmpty)
    #expect(!workspace.has("d.fercure"))
  }

  @Test func `sources of which nothing can be taken are an error, and no dataset is left behind`() throws {
    let workspace = try Workspace()
    try workspace.write(TestFiles.csv(rows: ["0,1 2 3,Training", "1,4 5 6,Training"]), to: "faces.csv")
    let run = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    #expect(run.status == 1)
    #expect(
      run.errorLine == "nothing was taken: 2 items were rejected, the first because row 0 of faces.csv has 3 pixels, "
        + "expected a square number from 64")
    #expect(!workspace.has("d.fercure"))
  }

  @Test func `a source that is not there is an error, and no dataset is left behind`() throws {
    let workspace = try Workspace()
    let run = try workspace.fercure("ingest", "nowhere.csv", "--into", "d.fercure")
    #expect(run.status == 1)
    #expect(run.errorLine == "there is no file or folder nowhere.csv")
    #expect(!workspace.has("d.fercure"))
  }

  @Test func `pictures that cannot be decoded are listed, and 16 bits are noted`() throws {
    let workspace = try Workspace()
    let deep = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../ImagingTests/Fixtures/png/gray16.png")
    try workspace.write(TestFiles.png(1), to: "pictures/happy/a.png")
    try workspace.write(Data(contentsOf: deep), to: "pictures/happy/deep.png")
    try workspace.write("hello\n", to: "pictures/sad/text.jpg")
    try workspace.write(TestFiles.jpeg(2).prefix(600), to: "pictures/sad/truncated.jpg")
    let run = try workspace.fercure("ingest", "pictures", "--into", "d.fercure", "--strict")
    #expect(run.status == 2)
    #expect(
      run.warnings == [
        "sad/text.jpg: not a PNG, JPEG or PNM picture: it looks like text beginning with 'hello'",
        "sad/truncated.jpg: truncated JPEG: Premature end of JPEG file",
      ])
    #expect(run.errors.contains("note: pictures: happy/deep.png: 16 bits a channel reduced to 8\n"))
    #expect(run.output.contains("pictures  image-folder      2          0         2"))
  }

  @Test func `a dataset that cannot be written is an error`() throws {
    let workspace = try Workspace()
    try workspace.write(TestFiles.csv(), to: "faces.csv")
    let run = try workspace.fercure("ingest", "faces.csv", "--into", "faces.csv/d.fercure")
    #expect(run.status == 1)
    let line = try #require(run.errorLine)
    #expect(line.hasPrefix("cannot write faces.csv/d.fercure: ") && line.hasSuffix("/faces.csv is no folder"))
  }

  @Test func `labels of ones own are taken in their order`() throws {
    let workspace = try Workspace()
    try workspace.write(TestFiles.csv(rows: ["1,\(TestFiles.pixels(1)),Training"]), to: "faces.csv")
    let run = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure", "--labels", "calm, tense")
    #expect(run.status == 0)
    let info = try workspace.fercure("info", "d.fercure", "--json").json()
    #expect(info["classes"] as? [String] == ["calm", "tense"])
  }

  @Test func `an unknown format lists those there are`() throws {
    let workspace = try Workspace()
    try workspace.write(TestFiles.csv(), to: "faces.csv")
    let run = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure", "--format", "zip")
    #expect(run.status == 1)
    #expect(run.errorLine?.hasPrefix("there is no format 'zip'; the formats are ") == true)
  }
}
