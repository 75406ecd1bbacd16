import Curation
import Foundation
import TestSupport

@testable import ReviewServer

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A server on loopback for the time of a test, and a client that sends exactly what it is told.
struct TestServer: Sendable {
  let port: Int
  let address: String
  /// Where it is reached.
  let host: String

  /// An answer as it came over the wire.
  struct Answer: Sendable {
    var status: Int
    /// By name in lower case.
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
    }
  }

  struct NoAnswer: Error {
    var reason: String
  }

  /// Runs a server around `body`.
  static func with<Result: Sendable>(
    _ store: DatasetStore, host: String = "127.0.0.1", reviewer: String = "ann", token: String? = nil,
    heatMap: ReviewServer.HeatMap? = nil, _ body: @escaping @Sendable (TestServer) async throws -> Result
  ) async throws -> Result {
    let server = try ReviewServer(
      store,
      options: ReviewServer.Options(
        host: host, port: 0, reviewer: reviewer, secondPass: 1, token: token, heatMap: heatMap))
    let (addresses, continuation) = AsyncStream<String>.makeStream()
    let running = Task {
      defer { continuation.finish() }
      try await server.run { continuation.yield($0) }
    }
    var found: String?
    for await address in addresses {
      found = address
      break
    }
    guard let found, let port = URL(string: found)?.port else {
      try await running.value
      throw NoAnswer(reason: "the server ended before it listened")
    }
    do {
      let result = try await body(
        TestServer(port: port, address: found, host: host == "0.0.0.0" ? "127.0.0.1" : host))
      running.cancel()
      try await running.value
      return result
    } catch {
      running.cancel()
      try? await running.value
      throw error
    }
  }

  // MARK: Requests

  func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
    try await send("GET", path, headers, body: "")
  }

  func post(_ path: String, _ body: String, _ headers: [String: String] = [:]) async throws -> Answer {
    try await send(
      "POST", path, ["Content-Type": "application/json"].merging(headers) { $1 }, body: body)
  }

  /// Says something about suggestions.
  func decide(_ ids: [Int64], _ action: String, by reviewer: String = "ann", origin: String = "queue") async throws
    -> Answer
  {
    let opinions = ids.map { "{\"suggestion\":\($0),\"action\":\"\(action)\",\"origin\":\"\(origin)\"}" }
    return try await post(
      "/api/decide", "{\"reviewer\":\"\(reviewer)\",\"opinions\":[\(opinions.joined(separator: ","))]}")
  }

  private func send(
    _ method: String, _ path: String, _ headers: [String: String], body: String
  ) async throws -> Answer {
    var fields = ["Host": "\(host):\(port)", "Connection": "close", "Content-Length": "\(body.utf8.count)"]
    fields.merge(headers) { $1 }
    let head = "\(method) \(path) HTTP/1.1\r\n" + fields.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    let (host, port) = (host, port)
    // The socket blocks: it must not hold up the server that shares the pool of threads.
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try Self.exchange(host, port, head + body) }) }
    }
  }

  private static func exchange(_ host: String, _ port: Int, _ request: String) throws -> Answer {
    #if canImport(Glibc)
      let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard socket >= 0 else { throw NoAnswer(reason: "no socket") }
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr(host)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw NoAnswer(reason: "no connection") }
    let bytes = Array(request.utf8)
    var sent = 0
    while sent < bytes.count {
      let written = bytes.withUnsafeBytes { write(socket, $0.baseAddress?.advanced(by: sent), bytes.count - sent) }
      guard written > 0 else { throw NoAnswer(reason: "nothing could be sent") }
      sent += written
    }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(socket, &buffer, buffer.count)
      guard count > 0 else { break }
      received += buffer[..<count]
    }
    return try answer(received)
  }

  private static func answer(_ bytes: [UInt8]) throws -> Answer {
    let gap = Array("\r\n\r\n".utf8)
    guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: gap) }) else {
      throw NoAnswer(reason: "no head in \(bytes.count) bytes")
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
    }
    let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Answer(status: status, headers: headers, body: Array(bytes[(end + 4)...]))
  }
}
