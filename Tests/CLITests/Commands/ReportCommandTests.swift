import Foundation
import Testing

/// `fercure report` makes a page of any dataset file.
@Suite struct ReportCommandTests {
  @Test func `A report is one file that names the dataset`() throws {
    let space = try Workspace()
    try space.write(TestFiles.csv(), to: "fer.csv")
    #expect(try space.fercure("ingest", "fer.csv", "--into", "faces.fercure").status == 0)
    let run = try space.fercure("report", "faces.fercure", "--to", "page.html", "--undated", "--license", "cc-by-4.0")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("page.html"))
    let page = try space.text(of: "page.html")
    #expect(page.contains("<title>faces</title>"))
    #expect(page.contains("Licence: cc-by-4.0."))
    #expect(page.contains("data:image/png;base64,"))
    let printed = try space.fercure("report", "faces.fercure", "--to", "-", "--undated", "--license", "cc-by-4.0")
    #expect(printed.status == 0)
    #expect(printed.output.contains("<title>faces</title>"))
  }

  @Test func `The name of the file chooses the form, and --format overrules it`() throws {
    let space = try Workspace()
    try space.write(TestFiles.csv(), to: "fer.csv")
    _ = try space.fercure("ingest", "fer.csv", "--into", "faces.fercure")
    #expect(try space.fercure("report", "faces.fercure", "--to", "README.md").status == 0)
    #expect(try space.text(of: "README.md").hasPrefix("---\npretty_name: \"faces\"\n"))
    let json = try space.fercure("report", "faces.fercure", "--to", "card", "--format", "markdown", "--json").json()
    #expect(json["format"] as? String == "markdown")
    #expect(json["bytes"] as? Int == (try space.text(of: "card")).utf8.count)
  }

  @Test func `A missing folder and a missing dataset are told`() throws {
    let space = try Workspace()
    try space.write(TestFiles.csv(), to: "fer.csv")
    _ = try space.fercure("ingest", "fer.csv", "--into", "faces.fercure")
    let folder = try space.fercure("report", "faces.fercure", "--to", "none/page.html")
    #expect(folder.status == 1)
    #expect(folder.errorLine?.hasPrefix("cannot write none/page.html: ") == true)
    #expect(try space.fercure("report", "none.fercure", "--to", "page.html").status == 1)
  }
}
