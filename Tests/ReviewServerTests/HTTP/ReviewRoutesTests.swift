import Curation
import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import ReviewServer

/// What the page asks and what it is told.
@Suite struct ReviewRoutesTests {
  @Test func `The first answer has the queue, the first faces and the figures`() async throws {
    let fixture = try ReviewFixture()
    let start = try await TestServer.with(fixture.store) { try await $0.get("/api/start") }.json()
    #expect(start["ids"] as? [Int64] == fixture.ids)
    #expect(start["reviewer"] as? String == "ann")
    #expect(start["classes"] as? [String] == TestDatasets.classes)
    let faces = try #require(start["faces"] as? [[String: Any]])
    #expect(faces.count == ReviewRoutes.firstFaces)
    #expect(faces[0]["from"] as? String == "angry")
    #expect(faces[0]["to"] as? String == "disgust")
    #expect((start["picture"] as? String)?.hasPrefix("data:image/png;base64,") == true)
    #expect((start["figures"] as? [String: Any])?["open"] as? Int == 14)
  }

  @Test func `Parameters are read as a browser writes them`() async throws {
    #expect(
      ReviewRoutes.parameters("a=1&to=not+a+face&b=%2B%26%3D&c=d=e&f&a=2") == [
        "a": "2", "to": "not a face", "b": "+&=", "c": "d=e", "f": "",
      ])
    let fixture = try ReviewFixture()
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      let start = try await server.get("/api/start?to=not+a+face&reviewer=%3Cann%3E+smith").json()
      #expect((start["ids"] as? [Any])?.count == 1)
      #expect(start["reviewer"] as? String == "<ann> smith")
    }
  }

  @Test func `A picture is a PNG that the browser may keep, under an address that is its own`() async throws {
    let fixture = try ReviewFixture()
    let sample = fixture.samples[3]
    let path = "/image/\(sample.id)-\(sample.pixelHash.prefix(12)).png"
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      let answer = try await server.get(path)
      #expect(answer.headers["content-type"] == "image/png")
      #expect(answer.headers["cache-control"] == "private, max-age=86400, immutable")
      #expect(try ImageCodecs.decode(answer.body).image == fixture.store.image(of: sample))
      let plain = try await server.get("/image/\(sample.id).png")
      #expect(plain.body == answer.body && plain.headers["cache-control"] == "no-store")
      for name in ["\(sample.id)-", "\(sample.id)-0123456789ab", "\(sample.id)-a-b", "-\(sample.id)"] {
        #expect(try await server.get("/image/\(name).png").status == 404, "\(name)")
      }
    }
    // Another dataset at the same address, whose samples have the same ids and other pictures.
    let other = try ReviewFixture(TestDatasets.store((0..<14).map { TestRow($0 % 7, seed: UInt64(500 + $0)) }))
    #expect(other.samples[3].id == sample.id)
    #expect(try await TestServer.with(other.store) { try await $0.get(path) }.status == 404)
  }

  @Test func `Every face that is told of has what its picture's address needs`() async throws {
    let fixture = try ReviewFixture()
    let tags = Dictionary(uniqueKeysWithValues: fixture.samples.map { ($0.id, String($0.pixelHash.prefix(12))) })
    @Sendable func hold(_ faces: Any?) throws {
      let faces = try #require(faces as? [[String: Any]])
      for face in faces {
        let sample = try #require(face["sample"] as? Int64)
        #expect(face["pixels"] as? String == tags[sample])
      }
    }
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      for _ in 0..<200 where try await server.get("/api/start").json()["isReady"] as? Bool != true {
        try await Task.sleep(for: .milliseconds(20))
      }
      let faces = try #require(try await server.get("/api/start").json()["faces"] as? [[String: Any]])
      try hold(faces)
      #expect((faces[0]["alike"] as? [Any])?.isEmpty == false)
      for kind in ["alike", "sureGiven", "sureSuggested", "copies"] { try hold(faces[0][kind]) }
      try hold(try await server.get("/api/cells").json()["faces"])
      let map = try await server.get("/api/map").json()
      let samples = try #require(map["samples"] as? [Int64])
      #expect(map["pixels"] as? [String] == samples.map { tags[$0] ?? "" })
    }
  }

  @Test func `Maps that tell why are drawn once for each face and label, and only with a model`() async throws {
    let fixture = try ReviewFixture()
    let (first, last) = (fixture.ids[0], fixture.ids[13])
    let asked = Mutex<[String]>([])
    let draw: ReviewServer.HeatMap = { face, label, rather in
      asked.withLock { $0.append(rather.map { "\(label) rather than \($0)" } ?? label) }
      return Image(height: face.height, width: face.width, filledWith: 7)
    }
    try await TestServer.with(fixture.store, heatMap: draw) { (server: TestServer) async throws -> Void in
      #expect(try await server.get("/api/start").json()["hasHeat"] as? Bool == true)
      for kind in ["given", "suggested", "why", "given"] {
        let map = try await server.get("/heat/\(first)-\(kind).png")
        #expect(map.headers["content-type"] == "image/png")
        #expect(map.headers["cache-control"] == "no-store", "another model draws another one under this name")
      }
      #expect(try await server.get("/heat/\(last)-suggested.png").status == 404)
      #expect(try await server.get("/heat/\(first)-other.png").status == 404)
    }
    #expect(asked.withLock { $0 } == ["angry", "disgust", "disgust rather than angry"])
    let none = try await TestServer.with(fixture.store) { try await $0.get("/heat/\(first)-given.png") }
    #expect(none.status == 404)
  }

  @Test func `A decision is in the file when the answer comes, and undo takes it back`() async throws {
    let fixture = try ReviewFixture()
    let before = try fixture.store.allSamples()
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      let answer = try await server.decide([fixture.ids[0]], "accept").json()
      #expect(try fixture.store.sample(id: fixture.samples[0].id).label == "disgust")
      let line = try #require((answer["reviews"] as? [[String: Any]])?.first)
      #expect(line["state"] as? String == "accepted")
      #expect(line["isApplied"] as? Bool == true)
      #expect((answer["figures"] as? [String: Any])?["open"] as? Int == 13)
      let undone = try await server.post("/api/undo", "{\"reviewer\":\"ann\"}").json()
      #expect((undone["reviews"] as? [[String: Any]])?.first?["state"] as? String == "open")
      #expect(try fixture.store.allSamples() == before)
      let nothing = try await server.post("/api/undo", "{\"reviewer\":\"ann\"}").json()
      #expect((nothing["reviews"] as? [Any])?.isEmpty == true)
    }
    #expect(try fixture.store.lastRun(kind: "review")?.outcome == "0 decisions")
  }

  @Test func `A bulk is one batch, and sending the same again changes nothing`() async throws {
    let fixture = try ReviewFixture()
    let ids = Array(fixture.ids[2..<6])
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      #expect(try await server.decide(ids, "reject", origin: "grid").status == 200)
      #expect(try await server.decide(ids, "reject", origin: "grid").status == 200)
      #expect(try fixture.store.reviews().count == 4)
      let undone = try await server.post("/api/undo", "{\"reviewer\":\"ann\"}").json()
      #expect((undone["reviews"] as? [Any])?.count == 4)
    }
  }

  @Test func `Somebody else's later change is not taken back but told`() async throws {
    let fixture = try ReviewFixture()
    let id = fixture.ids[0]
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      #expect(try await server.decide([id], "accept").status == 200)
      #expect(try await server.decide([id], "reject", by: "bob", origin: "conflict").status == 200)
      let refused = try await server.post("/api/undo", "{\"reviewer\":\"ann\"}")
      #expect(refused.status == 409)
      #expect(refused.text.contains("was changed again by reviewer bob"))
    }
  }

  @Test func `What a page of another dataset says is refused, and nothing is written`() async throws {
    let (old, new) = (try ReviewFixture(ReviewFixture().store), try ReviewFixture())
    func mark(_ fixture: ReviewFixture) async throws -> String {
      try await TestServer.with(fixture.store) { server in
        let marks = try await [server.get("/api/start").json(), server.get("/api/cells").json()].map {
          $0["audit"] as? String ?? ""
        }
        #expect(marks[0] == marks[1] && !marks[0].isEmpty)
        return marks[0]
      }
    }
    let (foreign, own) = (try await mark(old), try await mark(new))
    #expect(foreign != own)
    let said =
      "\"reviewer\":\"ann\",\"opinions\":[{\"suggestion\":\(new.ids[0]),\"action\":\"accept\",\"origin\":\"queue\"}]"
    try await TestServer.with(new.store) { (server: TestServer) async throws -> Void in
      let refused = try await server.post("/api/decide", "{\(said),\"audit\":\"\(foreign)\"}")
      #expect(refused.status == 409 && refused.text.contains("load it again"))
      #expect(try await server.post("/api/undo", "{\"reviewer\":\"ann\",\"audit\":\"\(foreign)\"}").status == 409)
      let mark = foreign.replacing(" ", with: "%20").replacing(":", with: "%3A")
      #expect(try await server.get("/api/faces?ids=\(new.ids[0])&audit=\(mark)").status == 409)
      #expect(try new.store.reviews().isEmpty)
      #expect(try await server.post("/api/decide", "{\(said),\"audit\":\"\(own)\"}").status == 200)
      #expect(try await server.post("/api/undo", "{\"reviewer\":\"ann\",\"audit\":\"\(own)\"}").status == 200)
    }
  }

  @Test func `What was said of an earlier audit can be taken back, and the answer says so`() async throws {
    let fixture = try ReviewFixture()
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      #expect(try await server.decide([fixture.ids[0]], "accept").status == 200)
      _ = try ReviewFixture(fixture.store)
      let undone = try await server.post("/api/undo", "{\"reviewer\":\"ann\"}")
      #expect(undone.status == 200)
      #expect((try undone.json()["reviews"] as? [[String: Any]])?.first?["state"] as? String == "open")
    }
  }

  @Test func `Two servers on one file see each other's decisions`() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/faces.fercure"
    let fixture = try ReviewFixture(path: path)
    let other = try DatasetStore.open(at: path)
    let ids = fixture.ids
    try await TestServer.with(fixture.store) { (first: TestServer) async throws -> Void in
      try await TestServer.with(other, reviewer: "bob") { (second: TestServer) async throws -> Void in
        #expect(try await first.decide([ids[0]], "accept").status == 200)
        #expect(try await second.get("/api/start").json()["ids"] as? [Int64] == Array(ids.dropFirst()))
        #expect(try await second.decide([ids[1], ids[2]], "reject", by: "bob").status == 200)
        #expect(try await first.get("/api/start").json()["ids"] as? [Int64] == Array(ids.dropFirst(3)))
        #expect(try await second.post("/api/undo", "{\"reviewer\":\"bob\"}").status == 200)
        #expect(try await first.get("/api/start").json()["ids"] as? [Int64] == Array(ids.dropFirst()))
        // An audit that ends meanwhile brings new suggestions.
        let audited = try ReviewFixture(other)
        #expect(try await first.get("/api/start").json()["ids"] as? [Int64] != ids)
        #expect((try await first.get("/api/start").json()["ids"] as? [Int64])?.isEmpty == false)
        _ = audited
      }
    }
  }

  @Test func `Ten reviewers at once lose and double nothing`() async throws {
    let folder = try TemporaryFolder()
    let fixture = try ReviewFixture(path: folder.path + "/faces.fercure")
    let ids = fixture.ids
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for reviewer in 0..<10 {
          group.addTask {
            for id in ids {
              let answer = try await server.decide(
                [id], reviewer.isMultiple(of: 2) ? "accept" : "reject", by: "r\(reviewer)")
              #expect(answer.status == 200)
            }
          }
        }
        try await group.waitForAll()
      }
    }
    let reviews = try fixture.store.reviews()
    #expect(reviews.count == 140)
    #expect(Set(reviews.map { "\($0.reviewer) \($0.opinion.suggestion)" }).count == 140)
    for id in ids { #expect(reviews.count { $0.opinion.suggestion == id && $0.isApplied } == 1) }
    #expect(try fixture.store.verifyEvents() == [])
  }

  @Test func `Names that look like markup are only text`() async throws {
    let fixture = try ReviewFixture()
    let name = "<img src=x onerror=alert(1)>"
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      #expect(try await server.decide([fixture.ids[0]], "accept", by: name).status == 200)
      let people = try await server.get("/api/people")
      #expect(people.headers["content-type"] == "application/json")
      #expect((try people.json()["reviewers"] as? [[String: Any]])?.first?["name"] as? String == name)
      let blame = try await server.get("/api/blame?sample=\(fixture.samples[0].id)")
      #expect(blame.text.contains("reviewer <img src=x onerror=alert(1)>"))
      #expect(blame.headers["x-content-type-options"] == "nosniff")
    }
  }
}
