import Foundation
import Testing

@testable import CLI

/// Files beside a result must not take the place of what is read, nor be found impossible after the work.
@Suite struct ResultFileCommandTests {
  @Test func `no dataset becomes a report, a table, a chart or a model`() throws {
    let workspace = try Workspace.ingested()
    let commands = [
      ["report", "d.fercure", "--to", "d.fercure"], ["check", "d.fercure", "--scores", "d.fercure"],
      ["check", "d.fercure", "--pairs", "./d.fercure"],
      ["split", "d.fercure", "--folds", "3", "--to", "d.fercure"],
      ["train", "d.fercure", "--to", "d.fercure", "--model", "vgg-micro", "--steps", "2"],
      ["study", "rotation", "d.fercure", "--chart", "d.fercure"],
      ["study", "upsample", "d.fercure", "--chart", "d.fercure"],
      ["study", "pose", "d.fercure", "--chart", "d.fercure"],
      ["rebalance", "d.fercure", "--into", "r.fercure", "--source-index", "d.fercure"],
    ]
    for command in commands {
      let run = try workspace.start(command).wait()
      #expect(run.status == 1, "\(command)")
      #expect(run.errorLine?.hasSuffix("it is a dataset; name another file") == true, "\(command): \(run.errors)")
    }
    #expect(try workspace.fercure("info", "d.fercure", "--json").json()["samples"] as? Int == 35)
    #expect(!workspace.has("r.fercure"))
    let both = try workspace.fercure("rebalance", "d.fercure", "--into", "r.fercure", "--source-index", "r.fercure")
    #expect(both.errorLine?.hasSuffix("it is read or written here already; name another file") == true)
  }

  @Test func `a place that cannot be written is told before the work`() throws {
    let workspace = try Workspace.ingested()
    let run = try workspace.fercure("train", "d.fercure", "--to", "no/m.safetensors", "--model", "vgg-micro")
    #expect(run.status == 1 && run.errorLine?.contains("there is no folder") == true, "\(run.errors)")
    #expect(!run.errors.contains("epoch"))
    let audit = try workspace.fercure("audit", "d.fercure", "--evidence-to", "faces.csv", "--model", "vgg-micro")
    #expect(audit.errorLine?.hasSuffix("it is a file; name a folder") == true, "\(audit.errors)")
    #expect(try workspace.fercure("info", "d.fercure").output.contains("audit") == false)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func `a result that does not fit on the disk is an error`() throws {
    let workspace = try Workspace.ingested()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exec \"$0\" info d.fercure --json > /dev/full", try Workspace.executable().path]
    process.currentDirectoryURL = workspace.folder
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(text.hasPrefix("error: the result cannot be written to stdout: "), "\(text)")
  }

  @Test func `options that have nothing to go with are refused`() throws {
    let workspace = try Workspace.ingested()
    for command in [
      ["filter", "d.fercure", "--where", "1", "--overwrite"], ["review", "d.fercure", "--limit", "5"],
      ["train", "d.fercure", "--to", "m", "--relabel-scope", "any"], ["split", "d.fercure", "--folds", "3"],
      ["split", "d.fercure", "--validation=-0.1"], ["benchmark", "check", "d.fercure", "--rounds", "0"],
      ["study", "upsample", "d.fercure", "--pictures", "0"],
      ["study", "downstream", "d.fercure", "--accept-above", "3"],
    ] {
      #expect(try workspace.start(command).wait().status == 64, "\(command)")
    }
    let unknown = try workspace.fercure("suggestions", "d.fercure", "--run", "99")
    #expect(unknown.errorLine == "there is no run 99; 'fercure info' lists the runs")
  }

  @Test func `a name cannot command the terminal`() {
    let text = "a\u{1B}[31mb\tc\nd\u{9B}\u{0}é"
    #expect(Terminal.printable(text) == #"a\u{1B}[31mb"# + "\tc\nd" + #"\u{009B}\0é"#)
  }
}
