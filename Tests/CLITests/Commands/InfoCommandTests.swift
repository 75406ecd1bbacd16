import Foundation
import Testing

@testable import CLI

@Suite struct InfoCommandTests {
  @Test func `info counts samples per split and class`() throws {
    let workspace = try Workspace()
    try workspace.write(TestFiles.csv(), to: "faces.csv")
    _ = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    let run = try workspace.fercure("info", "d.fercure", "--json")
    #expect(run.status == 0)
    let info = try run.json()
    #expect(info["samples"] as? Int == 35)
    #expect(
      info["classes"] as? [String] == ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"])
    let splits = try #require(info["splits"] as? [String: [String: Any]])
    #expect(splits["train"]?["total"] as? Int == 21)
    #expect(splits["validation"]?["total"] as? Int == 7)
    #expect((splits["test"]?["classes"] as? [String: Int])?["disgust"] == 1)

    let text = try workspace.fercure("info", "d.fercure")
    #expect(text.errors.isEmpty)
    #expect(text.output.hasPrefix("d.fercure: 35 samples, 7 classes\n\nclass"))
    #expect(text.output.contains("total        21           7     7     35  100.0 %"))
  }

  @Test func `a dataset that is not there is an error that says how to make one`() throws {
    let workspace = try Workspace()
    let run = try workspace.fercure("info", "d.fercure", "--json")
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.errors == "error: there is no dataset d.fercure; 'fercure ingest SOURCE --into d.fercure' makes one\n")
  }

  @Test func `another file is no dataset`() throws {
    let workspace = try Workspace()
    try workspace.write("hello\n", to: "d.fercure")
    let run = try workspace.fercure("info", "d.fercure")
    #expect(run.status == 1)
    #expect(run.errorLine?.hasPrefix("d.fercure is no fercure dataset: it is ") == true)
    #expect(try workspace.text(of: "d.fercure") == "hello\n", "a file of somebody else stays as it is")
  }
}
