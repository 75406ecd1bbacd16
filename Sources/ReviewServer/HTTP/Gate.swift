import Foundation
import HTTPTypes
import Hummingbird

/// Lets only our own page in, and tells the browser to load nothing from elsewhere.
///
/// - A request names the address we listen on as its host, so that no other name can be bound to it.
/// - What changes something comes from our own page: by its origin, and as JSON, which no form can send.
/// - Away from loopback every request carries the token, as a cookie or as a bearer.
/// - No path may hold `..`, a backslash or a control character, encoded or not.
struct Gate<Context: RequestContext>: RouterMiddleware {
  /// The address we were told to listen on.
  let host: String
  /// The port we listen on, which is known once we do; nil lets every host name in, because the token guards.
  let port: (@Sendable () -> Int)?
  /// What requests must carry; nil on loopback.
  let token: String?

  static var cookieName: String { "fercure_token" }

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      try check(request)
      if let welcome = welcome(request) { return welcome }
      try checkToken(request)
      response = try await next(request, context)
    } catch let error as RequestError {
      response = Reply.error(error)
    } catch let error as HTTPError {
      response = Reply.error(
        error.status == .notFound ? .notFound("there is no such page") : .badRequest(error.body ?? "wrong request"))
    } catch {
      response = Reply.failure(error)
    }
    for (name, value) in Self.headers { response.headers[name] = value }
    return response
  }

  // MARK: Checks

  private func check(_ request: Request) throws(RequestError) {
    let path = request.uri.path
    guard Self.isPlain(path) else { throw .badRequest("the path is not one of ours") }
    if let port = port?() {
      let own = ReviewServer.authority(host: self.host.lowercased(), port: port)
      let hosts: Set = ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)", own]
      guard let host = request.head.authority?.lowercased(), hosts.contains(host) else {
        throw .forbidden("this server answers only to \(hosts.sorted().joined(separator: ", "))")
      }
    }
    if let site = request.headers[Self.fetchSite], site != "same-origin", site != "none" {
      // A link on another page may open ours; nothing else may be asked from there.
      let isNavigation = request.headers[Self.fetchMode] == "navigate" && request.method == .get
      guard isNavigation else { throw .forbidden("this was asked by another site") }
    }
    if let origin = request.headers[.origin], !isOwn(origin, request) {
      throw .forbidden("this was asked by another origin")
    }
    guard request.method != .post || request.headers[.contentType]?.hasPrefix("application/json") == true else {
      throw .badRequest("what is sent must be JSON")
    }
  }

  private func isOwn(_ origin: String, _ request: Request) -> Bool {
    guard let authority = request.head.authority else { return false }
    return origin.lowercased() == "http://\(authority.lowercased())"
  }

  private func checkToken(_ request: Request) throws(RequestError) {
    guard let token else { return }
    let cookies = request.headers[values: .cookie].joined(separator: ";").split(separator: ";")
      .map { cookie in cookie.trimmingCharacters(in: .whitespaces) }
    let isCarried =
      cookies.contains { Self.isEqual($0, "\(Self.cookieName)=\(token)") }
      || request.headers[.authorization].map { Self.isEqual($0, "Bearer \(token)") } ?? false
    guard isCarried else {
      throw .forbidden("the token is missing: open the address that 'fercure review' printed")
    }
  }

  /// The first visit brings the token in the address; it moves into a cookie and out of sight.
  private func welcome(_ request: Request) -> Response? {
    guard let token, request.method == .get, let given = request.uri.queryParameters["token"],
      Self.isEqual(String(given), token)
    else { return nil }
    var headers: HTTPFields = [
      .location: request.uri.path,
      .setCookie: "\(Self.cookieName)=\(token); HttpOnly; SameSite=Strict; Path=/",
      .cacheControl: "no-store",
    ]
    for (name, value) in Self.headers { headers[name] = value }
    return Response(status: .seeOther, headers: headers)
  }

  /// Compares in a time that does not tell where two texts differ.
  private static func isEqual(_ first: String, _ second: String) -> Bool {
    let (a, b) = (Array(first.utf8), Array(second.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Whether a path, decoded as often as it can be, stays where it is.
  static func isPlain(_ path: String) -> Bool {
    var text = path
    for _ in 0..<4 {
      let isClean = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\\" && $0.value != 0x7F }
      guard isClean, !text.split(separator: "/").contains(where: { $0 == ".." || $0 == "." }) else { return false }
      guard let decoded = text.removingPercentEncoding, decoded != text else { return true }
      text = decoded
    }
    return false
  }

  // MARK: Headers

  private static var fetchSite: HTTPField.Name { named("Sec-Fetch-Site") }
  private static var fetchMode: HTTPField.Name { named("Sec-Fetch-Mode") }

  private static func named(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is the name of a header") }
    return name
  }

  private static var headers: [(HTTPField.Name, String)] {
    [
      (
        .contentSecurityPolicy,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
          + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
      ),
      (.xContentTypeOptions, "nosniff"), (.crossOriginResourcePolicy, "same-origin"),
      (named("Cross-Origin-Opener-Policy"), "same-origin"), (named("Referrer-Policy"), "no-referrer"),
      (named("X-Frame-Options"), "DENY"),
    ]
  }
}
