import Curation
import Foundation
import NeuralNet
import Testing

@testable import CLI

@Suite struct FercureTests {
  @Test func `help and version are results`() throws {
    let workspace = try Workspace()
    let help = try workspace.fercure("--help")
    #expect(help.status == 0)
    #expect(help.output.contains("USAGE: fercure <subcommand>"))
    #expect(help.errors.isEmpty)
    #expect(try workspace.fercure("--version").output == ToolVersion.current + "\n")
  }

  @Test func `an unknown command is wrong usage`() throws {
    let run = try Workspace().fercure("clean")
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
  }

  @Test func `a dataset of a later version asks for an update`() {
    #expect(
      ErrorText.of(CurationError.newerDataset(path: "d.fercure"))
        == "d.fercure was written by a newer fercure than \(ToolVersion.current); update fercure to open it")
  }

  @Test func `list names every kind, or the members of one`() throws {
    let workspace = try Workspace()
    let all = try workspace.fercure("list").output
    for section in Catalogue.all { #expect(all.contains("\(section.kind)\n")) }
    let rules = try workspace.fercure("list", "rules").output.split(separator: "\n")
    #expect(rules.count == CurationRule.allCases.count)
    let unknown = try workspace.fercure("list", "fruits")
    #expect(unknown.status == 1)
    #expect(unknown.errorLine?.hasPrefix("there is no kind of thing to list 'fruits'; choose from formats, ") == true)
  }

  @Test func `list models counts parameters and multiply-adds at a size`() throws {
    let workspace = try Workspace()
    func lines(_ size: String) throws -> [[String: Any]] {
      let output = try workspace.fercure("list", "models", "--size", size, "--json").output
      return try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]] ?? []
    }
    let (small, large) = (try lines("24"), try lines("48"))
    #expect(
      large.count == Architecture.all.count && small.count < large.count, "some networks need more than 24 pixels")
    let resnet = try #require(large.first { $0["name"] as? String == "resnet18" })
    #expect(resnet["parameters"] as? Int == 11_173_831)
    #expect(resnet["multiplyAdds"] as? Int == 94_346_752)
    let text = try workspace.fercure("list", "models").output
    #expect(text.contains("multiply-adds at 48 pixels") && text.contains("11.17 M"))
    #expect(try workspace.fercure("list", "losses", "--speed").status == 64)
  }

  @Test func `samples draws a dataset that can be ingested, and does not write over another one`() throws {
    let workspace = try Workspace()
    let run = try workspace.fercure("samples", "--into", "s", "--count", "140", "--no-folders", "--votes", "--json")
    #expect(run.status == 0)
    #expect(try run.json()["pictures"] as? Int == 140)
    let ingest = try workspace.fercure(
      "ingest", "s/faces.csv", "--votes", "s/votes.csv", "--into", "d.fercure", "--strict")
    #expect(ingest.status == 0)
    #expect(try workspace.fercure("info", "d.fercure", "--json").json()["samples"] as? Int == 140)
    let again = try workspace.fercure("samples", "--into", "s", "--count", "140")
    #expect(again.status == 1)
    #expect(again.errorLine?.hasSuffix("exists already: choose another folder, or delete it first") == true)
  }

  /// A command in the middle of its work, which would take long.
  private func longRun(_ workspace: Workspace) throws -> Workspace.Running {
    let running = try workspace.start(["samples", "--into", "s", "--count", "100000", "--no-folders"])
    // The folder is made when signals are listened to already, and before the long work begins.
    let deadline = Date(timeIntervalSinceNow: 30)
    while !workspace.has("s"), Date() < deadline { Thread.sleep(forTimeInterval: 0.02) }
    return running
  }

  @Test func `an interrupt stops with a sentence and the exit code 130`() throws {
    let workspace = try Workspace()
    let running = try longRun(workspace)
    running.process.interrupt()
    let run = try running.wait()
    #expect(run.status == 130)
    #expect(
      run.errorLine == "stopped: what was finished stays, and the same command goes on from there")
    #expect(!workspace.has("s/faces.csv"))
  }

  #if os(Linux)
    @Test func `the thread that computes gets no signal, and an interrupt is heard all the same`() throws {
      let workspace = try Workspace()
      let running = try longRun(workspace)
      defer { running.process.terminate() }
      // The thread that began, and computes, has the number of its process.
      let process = running.process.processIdentifier
      #expect(try Self.blocked(by: process, in: process).isSuperset(of: [SIGINT, SIGTERM]))
      running.process.interrupt()
      #expect(try running.wait().status == 130)
    }

    /// The signals that a thread does not get.
    private static func blocked(by thread: pid_t, in process: pid_t) throws -> Set<Int32> {
      let status = try String(contentsOfFile: "/proc/\(process)/task/\(thread)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") })
      let mask = try #require(UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16))
      return Set((1...64).filter { mask >> UInt64($0 - 1) & 1 == 1 })
    }
  #endif
}
