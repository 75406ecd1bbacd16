import Foundation
import Testing

@testable import CLI

@Suite struct StudyCommandTests {
  private let downstream = [
    "study", "downstream", "d.fercure", "--accept-above", "0.9", "--ways", "raw,relabelled", "--seeds", "1,2",
    "--model", "vgg-micro", "--size", "24", "--batch", "4", "--epochs", "2", "--json",
  ]

  @Test func `networks learn what suggestions make of the labels, and a stopped study ends as one that was not`() throws
  {
    let workspace = try ResolveCommandTests.audited()
    let whole = try workspace.start(downstream).wait()
    #expect(whole.status == 0, "\(whole.errors)")
    let runs = try #require(try whole.json()["runs"] as? [[String: Any]])
    #expect(runs.map { $0["way"] as? String } == ["raw", "relabelled", "raw", "relabelled"])
    #expect(runs.allSatisfy { $0["trained"] as? Int == 21 && $0["samples"] as? Int == 7 })
    #expect(!workspace.has("d.fercure.study"))

    let stopped = try workspace.start(downstream)
    let third = workspace.folder.appending(path: "d.fercure.study/downstream/seed-2-raw.training").path
    while stopped.process.isRunning, !FileManager.default.fileExists(atPath: third) {
      Thread.sleep(forTimeInterval: 0.002)
    }
    kill(stopped.process.processIdentifier, SIGKILL)
    _ = try stopped.wait()
    let resumed = try workspace.start(downstream).wait()
    #expect(resumed.output == whole.output)
    #expect(!workspace.has("d.fercure.study"))
  }
}
