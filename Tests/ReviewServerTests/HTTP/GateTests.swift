import Curation
import Foundation
import Testing

@testable import ReviewServer

/// Only our own page gets in.
@Suite struct GateTests {
  @Test func `The page and all it is made of come from here, and the browser is told so`() async throws {
    let fixture = try ReviewFixture()
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      let page = try await server.get("/")
      #expect(page.status == 200)
      #expect(page.headers["content-type"] == "text/html; charset=utf-8")
      let policy = try #require(page.headers["content-security-policy"])
      #expect(policy.hasPrefix("default-src 'none'; script-src 'self';"))
      #expect(policy.contains("frame-ancestors 'none'"))
      #expect(page.headers["x-content-type-options"] == "nosniff")
      #expect(page.headers["cross-origin-resource-policy"] == "same-origin")
      #expect(page.headers["access-control-allow-origin"] == nil)
      #expect(!page.text.contains("//"), "nothing remote")
      let assets = page.text.matches(of: /(?:src|href)="(\/assets\/[^"]+)"/).map { String($0.1) }
      #expect(assets.count == 5)
      for asset in assets { #expect(try await server.get(asset).status == 200, "\(asset)") }
      for view in ["/grid", "/matrix", "/map", "/people"] { #expect(try await server.get(view).status == 200) }
    }
  }

  @Test func `Another host, origin or site is refused and changes nothing`() async throws {
    let fixture = try ReviewFixture()
    let id = fixture.ids[0]
    let body = "{\"reviewer\":\"eve\",\"opinions\":[{\"suggestion\":\(id),\"action\":\"accept\",\"origin\":\"queue\"}]}"
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      #expect(try await server.get("/api/start", ["Host": "evil.example"]).status == 403)
      #expect(try await server.get("/", ["Host": "evil.example:\(server.port)"]).status == 403)
      #expect(try await server.get("/", ["Host": "localhost:\(server.port)"]).status == 200)
      for headers in [
        ["Origin": "http://evil.example"], ["Origin": "null"], ["Origin": "http://127.0.0.1:1"],
        ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Host": "evil.example"],
      ] {
        #expect(try await server.post("/api/decide", body, headers).status == 403, "\(headers)")
      }
      // What a form of another page could send.
      for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        #expect(try await server.post("/api/decide", body, ["Content-Type": type]).status == 400)
      }
      // What another page could embed or read.
      #expect(
        try await server.get("/api/start", ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"]).status == 403)
      #expect(
        try await server.get("/image/1.png", ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"]).status
          == 403)
      // A link to our page may be followed.
      #expect(try await server.get("/", ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"]).status == 200)
      #expect(try fixture.store.reviews().isEmpty)
      let own = ["Origin": "http://127.0.0.1:\(server.port)", "Sec-Fetch-Site": "same-origin"]
      #expect(try await server.post("/api/decide", body, own).status == 200)
      #expect(try fixture.store.reviews().count == 1)
    }
  }

  @Test(arguments: [
    "/../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/secret", "/assets/%252e%252e/secret",
    "/assets/..%2fsecret", "/image/..%5c1.png", "/assets/%00core.js", "/./api/start",
  ])
  func `A path that leads elsewhere is refused`(path: String) async throws {
    let fixture = try ReviewFixture()
    let answer = try await TestServer.with(fixture.store) { try await $0.get(path) }
    #expect(answer.status == 400)
    #expect(answer.text == "{\"error\":\"the path is not one of ours\"}")
  }

  @Test func `What is not there and what makes no sense is told in a sentence`() async throws {
    let fixture = try ReviewFixture()
    try await TestServer.with(fixture.store) { (server: TestServer) async throws -> Void in
      #expect(try await server.get("/nothing").status == 404)
      #expect(try await server.get("/assets/secret.js").status == 404)
      #expect(try await server.get("/image/one.png").status == 404)
      #expect(try await server.get("/image/999.png").status == 422)
      let wrong = try await server.get("/api/start?order=best")
      #expect(wrong.status == 400)
      #expect(
        wrong.text
          == "{\"error\":\"there is no order 'best'; choose from confidence, disagreement, teaches, budget, random, key\"}"
      )
      #expect(try await server.get("/api/start?min=2").status == 400)
      #expect(try await server.post("/api/decide", "{}").status == 400)
      #expect(try await server.decide([fixture.ids[0]], "accept", by: "  ").status == 400)
      #expect(try await server.decide([], "accept").status == 400)
      #expect(try await server.decide([999], "accept").status == 422)
      #expect(try fixture.store.reviews().isEmpty)
    }
  }

  @Test func `Away from loopback everything asks for the token, which moves into a cookie`() async throws {
    let fixture = try ReviewFixture()
    try await TestServer.with(fixture.store, host: "0.0.0.0") { (server: TestServer) async throws -> Void in
      let token = try #require(server.address.components(separatedBy: "token=").last)
      #expect(token.count >= 16)
      for path in ["/", "/api/start", "/image/1.png", "/assets/core.js", "/?token=wrong"] {
        #expect(try await server.get(path).status == 403, "\(path)")
      }
      let welcome = try await server.get("/?token=\(token)")
      #expect(welcome.status == 303)
      #expect(welcome.headers["location"] == "/")
      let cookie = try #require(welcome.headers["set-cookie"])
      #expect(cookie.contains("HttpOnly; SameSite=Strict"))
      let carried = try #require(cookie.split(separator: ";").first.map { String($0) })
      #expect(try await server.get("/api/start", ["Cookie": "other=1; \(carried)"]).status == 200)
      #expect(try await server.get("/api/start", ["Authorization": "Bearer \(token)"]).status == 200)
      #expect(try await server.get("/api/start", ["Cookie": carried + "x"]).status == 403)
    }
  }

  #if os(Linux)
    // Other systems listen on 127.0.0.1 alone until they are told otherwise.
    @Test func `Another address of this machine is answered to by its own name`() async throws {
      let fixture = try ReviewFixture()
      try await TestServer.with(fixture.store, host: "127.0.0.2") { (server: TestServer) async throws -> Void in
        #expect(server.address == "http://127.0.0.2:\(server.port)/")
        #expect(try await server.get("/api/start").status == 200)
        let own = ["Origin": "http://127.0.0.2:\(server.port)", "Sec-Fetch-Site": "same-origin"]
        #expect(try await server.post("/api/undo", "{\"reviewer\":\"ann\"}", own).status == 200)
        #expect(try await server.get("/", ["Host": "127.0.0.3:\(server.port)"]).status == 403)
      }
    }
  #endif

  @Test func `Only addresses of this machine need no token`() {
    for host in ["127.0.0.1", "127.3.4.5", "localhost", "::1"] {
      #expect(ReviewServer.Options(host: host, reviewer: "ann").token == nil)
    }
    let tokens = ["0.0.0.0", "192.168.1.4", "::", "faces.example"].map {
      ReviewServer.Options(host: $0, reviewer: "ann").token
    }
    #expect(tokens.allSatisfy { $0 != nil })
    #expect(Set(tokens).count == 4)
  }
}
