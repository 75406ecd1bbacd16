import Curation
import Foundation
import TestSupport
import Testing

@testable import ReviewServer

/// What reviewers take along, and what they bring back.
@Suite struct ReviewFilesTests {
  private func decisions(_ text: String) throws -> DecisionFile {
    try withTemporaryDirectory { folder in
      try DecisionFile(contentsOf: URL(fileURLWithPath: folder.write(text, to: "decisions.json")))
    }
  }

  @Test func `An offline queue is complete in itself`() throws {
    let fixture = try ReviewFixture()
    let page = String(decoding: try ReviewFiles(fixture.store, reviewer: "ann").offlineQueue(limit: 5), as: UTF8.self)
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    for text in ["https://", "src=\"/", "href=\"/"] { #expect(!page.contains(text), "\(text)") }
    #expect(page.components(separatedBy: "http://").count == 2, "the name space of drawings alone")
    #expect(page.contains("default-src 'none'; img-src data:;"))
    #expect(page.components(separatedBy: "<script nonce=").count == 4)
    let start = try #require(page.range(of: "id=\"data\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let data = try #require(
      try JSONSerialization.jsonObject(with: Data(page[start.upperBound..<end.lowerBound].utf8)) as? [String: Any])
    #expect((data["faces"] as? [Any])?.count == 5)
    #expect(
      (data["pictures"] as? [String: String])?.values.allSatisfy { $0.hasPrefix("data:image/png;base64,") } == true)
  }

  @Test func `A reviewer's name cannot leave the data of an offline queue`() throws {
    let fixture = try ReviewFixture()
    let name = "</script><img src=x onerror=alert(1)>"
    let page = String(decoding: try ReviewFiles(fixture.store, reviewer: name).offlineQueue(limit: 1), as: UTF8.self)
    #expect(!page.contains("<img src=x"))
    #expect(page.contains("\\u003c/script>\\u003cimg src=x onerror=alert(1)>"))
  }

  @Test func `A bracket that a number sign swallows is still one`() throws {
    let name = "\u{600}</script><b>"
    let fixture = try ReviewFixture()
    let page = try ReviewFiles(fixture.store, reviewer: name).offlineQueue(limit: 1)
    #expect(page.split(separator: UInt8(ascii: "<")).count { $0.starts(with: "/script>".utf8) } == 4)
    #expect(page.firstRange(of: Array("\\u003c/script>\\u003cb>".utf8)) != nil)
    let store = try DatasetStore.inMemory()
    try withTemporaryDirectory { folder in
      let csv = TestDatasets.csv([TestRow(0, seed: 1), TestRow(1, seed: 2)])
      _ = try Ingest.run(
        sources: [folder.write(csv, to: "fer.csv")], into: store,
        options: IngestOptions(labels: ["\u{600}<b", "q\"\u{301}&"]))
    }
    let interface = Array(try ReviewFiles(store, reviewer: "ann").labelStudioConfiguration().utf8)
    for value in ["\"\u{600}&lt;b\"", "\"q&quot;\u{301}&amp;\""] {
      #expect(interface.firstRange(of: Array(value.utf8)) != nil, "\(value)")
    }
  }

  static let node = Programs.path(of: "node")

  @Test(.enabled(if: node != nil, "no node here: the script of offline queues is not run"))
  func `Two offline queues in one browser keep their decisions apart`() throws {
    let node = try #require(Self.node)
    let files = try ReviewFiles(ReviewFixture().store, reviewer: "ann")
    try withTemporaryDirectory { folder in
      let large = try folder.write(files.offlineQueue(), to: "large.html")
      let small = try folder.write(files.offlineQueue(limit: 3), to: "small.html")
      let (status, text) = try Programs.run(node, [Programs.file("tools/review/offline.js").path, large, small])
      #expect(status == 0, "\(text)")
    }
  }

  @Test func `What an offline queue saved is taken with its reviewer`() throws {
    let fixture = try ReviewFixture()
    let (samples, store) = (fixture.samples, fixture.store)
    func line(_ number: Int, _ action: String, label: String = "null", second: String = "null") -> String {
      "{\"key\":\"\(samples[number].key)\",\"action\":\"\(action)\",\"label\":\(label),\"second\":\(second)}"
    }
    let file = try decisions(
      """
      {"fercure":"decisions","version":1,"dataset":"faces.fercure","reviewer":"ann","decisions":[
      \(line(0, "accept")),\(line(1, "relabel", label: "\"sad\"")),\(line(2, "ambiguous", label: "\"fear\"", second: "\"sad\"")),
      \(line(3, "exclude")),\(line(4, "skip")),\(line(5, "fly"))]}
      """)
    #expect(file.reviewer == "ann")
    #expect(file.rejections.map(\.item) == ["row 5"])
    let plan = try Resolver(store).plan(file, reviewer: "ann")
    let run = try #require(try Resolver(store).apply(plan, recipe: ["from": "decisions.json"]))
    #expect(try store.sample(id: samples[0].id).label == "disgust")
    #expect(try store.sample(id: samples[1].id).label == "sad")
    #expect(try store.sample(id: samples[2].id).label == "fear")
    #expect(try store.sample(id: samples[3].id).excluded)
    let reviews = try store.reviews()
    #expect(reviews.map(\.opinion.action) == [.accept, .relabel, .ambiguous, .exclude, .skip])
    #expect(reviews.allSatisfy { $0.opinion.origin == .file && $0.isApplied })

    // A second person's file is kept as second opinions, and gives an agreement.
    let other = try decisions(
      """
      {"fercure":"decisions","version":1,"reviewer":"bob","decisions":[\(line(0, "reject")),\(line(1, "relabel", label: "\"sad\""))]}
      """)
    let second = try Resolver(store).plan(other, reviewer: "bob")
    #expect(second.rejections.isEmpty && second.decisions.isEmpty && second.opinions.count == 2)
    try Resolver(store).apply(second, recipe: ["from": "bob.json"])
    #expect(try store.sample(id: samples[0].id).label == "disgust")
    let people = try fixture.board().people()
    #expect(people.pairs.map(\.faces) == [2] && people.conflicts == 1)

    try store.undo(run: run.id, force: true)
    #expect(try store.reviews(standing: true).map(\.reviewer) == ["bob", "bob"])
    #expect(try store.verifyEvents() == [])
  }

  @Test func `Tasks of Label Studio have pictures, given labels and predictions, and come back`() throws {
    let fixture = try ReviewFixture()
    let files = try ReviewFiles(fixture.store, reviewer: "ann")
    let data = Data(try files.labelStudioTasks())
    var tasks = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(tasks.count == 14)
    let facts = try #require(tasks[0]["data"] as? [String: String])
    #expect(facts["image"]?.hasPrefix("data:image/png;base64,") == true)
    #expect(facts["sample_id"] == fixture.samples[0].key)
    #expect(facts["given_label"] == "angry" && facts["suggested_label"] == "disgust")
    let prediction = try #require((tasks[0]["predictions"] as? [[String: Any]])?.first)
    #expect(prediction["score"] as? Double == 0.95)
    let result = try #require((prediction["result"] as? [[String: Any]])?.first)
    #expect(result["from_name"] as? String == "emotion" && result["type"] as? String == "choices")
    #expect(result["value"] as? [String: [String]] == ["choices": ["disgust"]])
    #expect(files.labelStudioConfiguration().contains("<Choice value=\"angry\" hotkey=\"1\"/>"))

    let answers = [["disgust"], ["disgust"], ["fear", "sad"], ["not a face"], ["neutral"], nil]
    for (number, choices) in answers.enumerated() {
      let value: [[String: Any]] = choices.map { [["value": ["choices": $0], "type": "choices"]] } ?? []
      tasks[number]["annotations"] = [["result": value, "was_cancelled": choices == nil, "completed_by": 1]]
    }
    let exported = String(decoding: try JSONSerialization.data(withJSONObject: tasks), as: UTF8.self)
    let file = try decisions(exported)
    #expect(file.rejections.isEmpty)
    #expect(file.rows.map(\.decision.action) == [.accept, .reject, .ambiguous, .exclude, .relabel, .skip])
    #expect(file.rows[4].decision.label == "neutral")
    #expect(file.rows[2].decision.label == "fear" && file.rows[2].decision.second == "sad")
    #expect(file.rows.map(\.decision.from) == fixture.samples.prefix(6).map(\.label))
    #expect(file.rows[0].decision.to == "disgust")
    #expect(try Resolver(fixture.store).plan(file, reviewer: "ann").rejections.isEmpty)
    // The same keys in a dataset where something else is suggested for them.
    let other = try ReviewFixture(TestDatasets.store((0..<14).map { TestRow(($0 + 1) % 7, seed: UInt64(500 + $0)) }))
    let foreign = try Resolver(other.store).plan(file, reviewer: "ann")
    #expect(foreign.isEmpty && foreign.rejections.count == 6)
  }

  @Test func `JSON of another kind is told apart`() throws {
    for text in ["{\"a\": 1}", "[1, 2]", "{broken"] {
      #expect(throws: CurationError.self) { try decisions(text) }
    }
    #expect(throws: CurationError.readFailed("decisions.json", message: "it was saved by a newer fercure than 0.1.0")) {
      try decisions("{\"fercure\":\"decisions\",\"version\":2,\"decisions\":[]}")
    }
  }

  @Test func `Decisions as csv come back as they were`() throws {
    let fixture = try ReviewFixture()
    let board = try fixture.board()
    _ = try board.decide([Opinion(suggestion: fixture.ids[0], action: .accept)], reviewer: "ann, \"the first\"")
    _ = try board.decide([Opinion(suggestion: fixture.ids[1], action: .relabel, label: "happy")], reviewer: "bob")
    let csv = try DecisionExport(fixture.store).csv
    let lines = csv.split(separator: "\n")
    #expect(lines[0] == "key,action,label,second,reviewer,time,from,to,confidence,origin")
    #expect(lines[1].hasPrefix("row-0000000,accept,,,\"ann, \"\"the first\"\"\","))
    #expect(lines[2].hasPrefix("row-0000001,relabel,happy,,bob,"))
    let copy = try ReviewFixture()
    let file = try DecisionFile(Array(csv.utf8), name: "d.csv")
    try Resolver(copy.store).apply(Resolver(copy.store).plan(file, reviewer: "cleo"), recipe: [String: String]())
    #expect(try copy.store.allSamples().map(\.label) == fixture.store.allSamples().map(\.label))
  }
}
