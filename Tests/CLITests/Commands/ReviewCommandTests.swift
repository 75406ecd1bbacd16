import Foundation
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// `fercure review` and `fercure blame` on the command line.
@Suite struct ReviewCommandTests {
  /// Starts a server and waits for the address that it prints.
  private func served(_ workspace: Workspace, _ arguments: String...) throws -> (Workspace.Running, address: String) {
    let running = try workspace.start(["review", "d.fercure", "--reviewer", "ann"] + arguments)
    for _ in 0..<400 {
      let output = try String(contentsOf: running.streams.appending(path: "out"), encoding: .utf8)
      if output.hasSuffix("\n") { return (running, output.trimmingCharacters(in: .newlines)) }
      guard running.process.isRunning else { break }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return (running, "")
  }

  @Test func `A server prints where it listens, and ends without an error when it is asked to`() throws {
    let workspace = try ResolveCommandTests.audited()
    let (running, address) = try served(workspace, "--port", "0")
    #expect(address.wholeMatch(of: /http:\/\/127\.0\.0\.1:\d+\//) != nil, "\(address)")
    let port = try #require(address.split(separator: ":").last.map { String($0.dropLast()) })
    let second = try workspace.fercure("review", "d.fercure", "--port", port)
    #expect(second.status == 1)
    #expect(
      second.errorLine
        == "cannot listen on 127.0.0.1, port \(port): Address already in use; choose another with --port, 0 takes a free one"
    )
    running.process.terminate()
    #expect(try running.wait().status == 0)
  }

  @Test func `Maps of a model are drawn whoever asks, many at once`() async throws {
    let workspace = try ResolveCommandTests.audited()
    #expect(
      try workspace.fercure(
        "train", "d.fercure", "--model", "resnet10-mini", "--size", "24", "--batch", "4", "--epochs", "1", "--to",
        "m.safetensors", "--quiet"
      ).status == 0)
    let (running, address) = try served(workspace, "--port", "0", "--model", "m.safetensors")
    let kinds = ["given", "suggested", "why"]
    let answers = try await withThrowingTaskGroup(of: (Int, Data).self) { group in
      for number in 0..<12 {
        let url = try #require(URL(string: "\(address)heat/2-\(kinds[number % 3]).png"))
        group.addTask {
          let (data, response) = try await URLSession.shared.data(from: url)
          return ((response as? HTTPURLResponse)?.statusCode ?? 0, data)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.count == 12 && answers.allSatisfy { $0.0 == 200 })
    #expect(Set(answers.map(\.1)).count == 3, "one map for each question")
    running.process.terminate()
    #expect(try running.wait().status == 0)
  }

  @Test func `Away from loopback the address carries a token`() throws {
    let workspace = try ResolveCommandTests.audited()
    let (running, address) = try served(workspace, "--port", "0", "--host", "0.0.0.0", "--json")
    #expect(address.contains("?token="))
    running.process.terminate()
    #expect(try running.wait().status == 0)
  }

  @Test func `A dataset without suggestions says what makes them`() throws {
    let workspace = try Workspace()
    try workspace.write(TestFiles.csv(), to: "faces.csv")
    _ = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    let run = try workspace.fercure("review", "d.fercure")
    #expect(run.status == 1)
    #expect(
      run.errorLine == "there is nothing to review in d.fercure; 'fercure audit d.fercure' makes suggestions")
  }

  @Test func `The queue is written for a browser, for Label Studio and as decisions`() throws {
    let workspace = try ResolveCommandTests.audited()
    #expect(try workspace.fercure("review", "d.fercure", "--to", "queue.html", "--limit", "2").status == 0)
    #expect(try workspace.text(of: "queue.html").hasPrefix("<!DOCTYPE html>"))
    #expect(try workspace.fercure("review", "d.fercure", "--to", "tasks.json").status == 0)
    #expect(try workspace.text(of: "tasks.xml").hasPrefix("<View>"))
    let decisions =
      #"{"fercure":"decisions","version":1,"reviewer":"ann","decisions":[{"key":"row-0000000","action":"accept"}]}"#
    try workspace.write(decisions, to: "decisions.json")
    #expect(try workspace.fercure("resolve", "d.fercure", "--from", "decisions.json").status == 0)
    let csv = try workspace.fercure("review", "d.fercure", "--to", "decisions.csv")
    #expect(csv.status == 0)
    #expect(try workspace.text(of: "decisions.csv").contains("\nrow-0000000,accept,,,ann,"))
    #expect(try workspace.fercure("review", "d.fercure", "--to", "queue.txt").status == 64)
    #expect(try workspace.fercure("review", "d.fercure", "--to", "none/queue.html").status == 1)
  }

  @Test func `Blame tells who changed a sample`() throws {
    let workspace = try ResolveCommandTests.audited()
    try workspace.write("key,action\nrow-0000000,accept\n", to: "d.csv")
    _ = try workspace.fercure("resolve", "d.fercure", "--from", "d.csv", "--reviewer", "ann")
    let run = try workspace.fercure("blame", "d.fercure", "row-0000000")
    #expect(run.status == 0)
    #expect(run.output.contains("label none → angry"))
    #expect(run.output.contains("suggests sad in place of angry, 97 %"))
    #expect(run.output.contains("label angry → sad"))
    #expect(run.output.contains("reviewer ann"))
    let unknown = try workspace.fercure("blame", "d.fercure", "row-9999999")
    #expect(unknown.status == 1)
    #expect(unknown.errorLine == "there is no sample row-9999999")
  }
}
