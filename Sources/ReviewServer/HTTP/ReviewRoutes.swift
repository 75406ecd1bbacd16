import Curation
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What the server answers: the page, its pictures, and the questions the page asks.
struct ReviewRoutes: Sendable {
  let board: ReviewBoard
  let library: FaceLibrary
  /// Nil without a model.
  let heat: HeatMaps?
  let name: String
  /// Who reviews unless the address names somebody else.
  let reviewer: String

  /// How many faces come with the first answer; the page asks for the others ahead of time.
  static let firstFaces = 2
  /// What one request may ask for at most.
  static let mostIDs = 2000

  /// Adds all routes to a router.
  func add<Context: RequestContext>(to router: Router<Context>) {
    for page in ["", "grid", "matrix", "map", "people"] {
      router.get("/\(page)") { _, _ in Reply.bytes(Assets.page, type: "text/html; charset=utf-8") }
    }
    router.get("/assets/:name") { _, context in
      guard let asset = Assets.named(context.parameters.get("name") ?? "") else {
        throw RequestError.notFound("there is no such file")
      }
      return Reply.bytes(asset.bytes, type: asset.type)
    }
    router.get("/image/:name") { _, context in try picture(context.parameters.get("name") ?? "") }
    router.get("/heat/:name") { _, context in try await map(context.parameters.get("name") ?? "") }
    router.get("/api/start") { request, _ in try Reply.json(start(request)) }
    router.get("/api/faces") { request, _ in try Reply.json(faces(request)) }
    router.get("/api/cells") { request, _ in try Reply.json(cells(request)) }
    router.get("/api/matrix") { _, _ in try Reply.json(board.matrix()) }
    router.get("/api/people") { _, _ in try Reply.json(board.people()) }
    router.get("/api/map") { _, _ in try Reply.json(FaceMap(board)) }
    router.get("/api/blame") { request, _ in try Reply.json(blame(request)) }
    router.get("/api/figures") { request, _ in try Reply.json(board.figures(reviewer: reviewer(request))) }
    router.post("/api/decide") { request, _ in try Reply.json(decide(try await body(request))) }
    router.post("/api/undo") { request, _ in try Reply.json(undo(try await body(request))) }
    router.get("/files/:name") { request, context in
      try file(context.parameters.get("name") ?? "", request)
    }
  }

  // MARK: Questions

  /// What the page needs to show its first face.
  struct Start: Encodable, Sendable {
    var dataset: String
    /// What the page says again with every decision.
    var audit: String?
    var classes: [String]
    var reviewer: String
    var isReady: Bool
    /// Whether there are maps that tell why.
    var hasHeat: Bool
    var ids: [Int64]
    /// Places of faces drawn by chance.
    var random: [Int]
    var faces: [FaceDetail]
    /// The picture of the first face, so that it need not be asked for.
    var picture: String?
    var figures: ReviewBoard.Figures
  }

  private func start(_ request: Request) throws -> Start {
    let (query, reviewer) = (try query(request), try reviewer(request))
    let queue = try board.queue(query, reviewer: reviewer, like: try like(query))
    let ids = queue.entries.map(\.id)
    return Start(
      dataset: name, audit: try board.withState { $0.auditMark }, classes: board.classes, reviewer: reviewer,
      isReady: library.isReady, hasHeat: heat != nil, ids: ids,
      random: queue.random.sorted(),
      faces: try board.details(
        of: Array(ids.prefix(Self.firstFaces)), reviewer: reviewer, isBlind: query.scope == .second, library: library,
        withNeighbours: true),
      picture: try queue.entries.first.map { entry in
        "data:image/png;base64," + Data(try library.png(of: entry.sample)).base64EncodedString()
      }, figures: try board.figures(reviewer: reviewer))
  }

  private func faces(_ request: Request) throws -> [FaceDetail] {
    let ids = (parameter(request, "ids") ?? "").split(separator: ",").compactMap { Int64($0) }
    guard ids.count <= 64 else { throw RequestError.badRequest("no more than 64 faces at once") }
    try board.checkAudit(parameter(request, "audit"))
    return try board.details(
      of: ids, reviewer: reviewer(request), isBlind: parameter(request, "blind") == "1", library: library,
      withNeighbours: true)
  }

  /// A face of a grid.
  struct GridFace: Encodable, Sendable {
    var id: Int64
    var sample: Int64
    var key: String
    var pixels: String
    var from: String
    var to: String?
    var confidence: Double
    var verdict: Suggestion.Verdict
    var state: Suggestion.State
  }

  /// A page of a grid.
  struct Grid: Encodable, Sendable {
    var total: Int
    var faces: [GridFace]
    var figures: ReviewBoard.Figures
    var classes: [String]
    var dataset: String
    /// What the page says again with every decision.
    var audit: String?
    var reviewer: String
  }

  private func cells(_ request: Request) throws -> Grid {
    let (query, reviewer) = (try query(request), try reviewer(request))
    let entries = try board.queue(query, reviewer: reviewer, like: try like(query)).entries
    let offset = max(0, parameter(request, "offset").flatMap { Int($0) } ?? 0)
    let limit = min(600, max(1, parameter(request, "limit").flatMap { Int($0) } ?? 200))
    let faces = entries.dropFirst(offset).prefix(limit).map { entry in
      GridFace(
        id: entry.id, sample: entry.sample, key: entry.key, pixels: entry.pixels, from: entry.from, to: entry.to,
        confidence: entry.confidence, verdict: entry.verdict, state: entry.state)
    }
    return Grid(
      total: entries.count, faces: faces, figures: try board.figures(reviewer: reviewer), classes: board.classes,
      dataset: name, audit: try board.withState { $0.auditMark }, reviewer: reviewer)
  }

  /// The picture of a sample: `7-0123456789ab.png`, with its tag, or `7.png`.
  ///
  /// Another dataset may be reviewed at the same address later. So the browser may keep no picture without its tag, and
  /// gets none with the tag of another one.
  private func picture(_ name: String) throws -> Response {
    let parts = name.dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
    guard name.hasSuffix(".png"), parts.count <= 2, let id = Int64(parts[0]) else {
      throw RequestError.notFound("there is no such picture")
    }
    let sample = try board.store.sample(id: id)
    let tag = parts.dropFirst().first
    guard tag.map({ $0 == sample.pictureTag }) ?? true else { throw RequestError.notFound("there is no such picture") }
    return Reply.bytes(try library.png(of: sample), type: "image/png", isImmutable: tag != nil)
  }

  /// A map of suggestion 12: `12-given.png` why the face would carry its given label, `12-suggested.png` the other,
  /// `12-why.png` what speaks for the other rather than for the given one.
  ///
  /// The browser keeps none of them: another model or audit draws others under the same names, and here the last are kept.
  private func map(_ name: String) async throws -> Response {
    let parts = name.split(separator: "-", maxSplits: 1)
    guard let heat, parts.count == 2, let id = Int64(parts[0]) else {
      throw RequestError.notFound("there is no such map")
    }
    let entry = try board.entry(id)
    let label = ["given.png": entry.from, "suggested.png": entry.to, "why.png": entry.to][String(parts[1])] ?? nil
    let rather = parts[1] == "why.png" ? entry.from : nil
    guard let label, let map = try await heat.png(of: entry.sample, label: label, rather: rather) else {
      throw RequestError.notFound("there is no such map")
    }
    return Reply.bytes(map, type: "image/png")
  }

  /// One line of a sample's history.
  struct Blame: Encodable, Sendable {
    var time: String
    var actor: String
    var what: String
    var reason: String
  }

  private func blame(_ request: Request) throws -> [Blame] {
    guard let id = parameter(request, "sample").flatMap({ Int64($0) }) else {
      throw RequestError.badRequest("blame needs the id of a sample")
    }
    return try SampleHistory(board.store, sample: board.store.sample(id: id)).lines.map {
      Blame(time: $0.time, actor: $0.actor, what: $0.what, reason: $0.reason)
    }
  }

  // MARK: Decisions

  /// What the page sends: opinions that belong together.
  struct Said: Decodable, Sendable {
    var reviewer: String
    var opinions: [Opinion]
    /// Of the audit that the page shows; nil for programs that look the suggestions up themselves.
    var audit: String?
  }

  /// Whose last word is taken back.
  struct TakenBack: Decodable, Sendable {
    var reviewer: String
    /// Of the audit that the page shows.
    var audit: String?
  }

  /// What was written, and the figures since.
  struct Written: Encodable, Sendable {
    var reviews: [Line]
    var figures: ReviewBoard.Figures

    /// One review.
    struct Line: Encodable, Sendable {
      var id: Int64
      var batch: Int64
      var suggestion: Int64
      var action: Opinion.Action
      var label: String?
      /// False for a second opinion, which changed nothing.
      var isApplied: Bool
      var state: Suggestion.State
    }
  }

  private func decide(_ said: Said) throws -> Written {
    guard said.opinions.count <= Self.mostIDs else {
      throw RequestError.badRequest("no more than \(Self.mostIDs) decisions at once")
    }
    let reviewer = try Self.checked(said.reviewer)
    try board.checkAudit(said.audit)
    return try written(try board.decide(said.opinions, reviewer: reviewer), reviewer: reviewer)
  }

  private func undo(_ taken: TakenBack) throws -> Written {
    let reviewer = try Self.checked(taken.reviewer)
    try board.checkAudit(taken.audit)
    return try written(try board.undo(reviewer: reviewer), reviewer: reviewer)
  }

  private func written(_ reviews: [Review], reviewer: String) throws -> Written {
    let figures = try board.figures(reviewer: reviewer)
    // What is taken back may be about a suggestion of an earlier audit.
    let suggestions = try board.store.suggestions(ids: Set(reviews.map(\.opinion.suggestion)))
    let states = Dictionary(uniqueKeysWithValues: suggestions.map { ($0.id, $0.state) })
    return Written(
      reviews: reviews.map { review in
        Written.Line(
          id: review.id, batch: review.batch, suggestion: review.opinion.suggestion, action: review.opinion.action,
          label: review.opinion.label, isApplied: review.isApplied,
          state: states[review.opinion.suggestion] ?? .open)
      }, figures: figures)
  }

  private func body<Value: Decodable>(_ request: Request) async throws -> Value {
    var request = request
    let buffer: ByteBuffer
    do {
      buffer = try await request.collectBody(upTo: 1 << 20)
    } catch is NIOTooManyBytesError {
      throw RequestError.badRequest("more than a mebibyte was sent at once: send fewer decisions")
    }
    do {
      return try JSONDecoder().decode(Value.self, from: Data(buffer.readableBytesView))
    } catch {
      throw RequestError.badRequest("what was sent is not what this page sends")
    }
  }

  // MARK: Files

  private func file(_ name: String, _ request: Request) throws -> Response {
    switch name {
    case "decisions.csv":
      return Reply.bytes(
        try DecisionExport(board.store).csv.utf8, type: "text/csv; charset=utf-8", fileName: "decisions.csv")
    case "offline.html":
      let page = try OfflineQueue.page(
        board, library: library, query: try query(request), reviewer: try reviewer(request), name: self.name,
        limit: OfflineQueue.usualFaces)
      return Reply.bytes(page, type: "text/html; charset=utf-8", fileName: "review.html")
    case "label-studio.json":
      let tasks = try LabelStudioTasks.json(
        board, library: library, query: try query(request), reviewer: try reviewer(request), limit: Self.mostIDs)
      return Reply.bytes(tasks, type: "application/json", fileName: "label-studio.json")
    default: throw RequestError.notFound("there is no such file")
    }
  }

  // MARK: Parameters

  private func parameter(_ request: Request, _ name: String) -> String? {
    Self.parameters(request.uri.query ?? "")[name]
  }

  /// The parameters of an address as a browser writes them, where a plus is a blank; of several values the last counts.
  static func parameters(_ query: String) -> [String: String] {
    var result: [String: String] = [:]
    for part in query.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        $0.replacing("+", with: " ").removingPercentEncoding ?? String($0)
      }
      result[sides[0]] = sides.count > 1 ? sides[1] : ""
    }
    return result
  }

  private func query(_ request: Request) throws -> QueueQuery {
    try QueueQuery { parameter(request, $0) }
  }

  private func like(_ query: QueueQuery) throws -> Set<Int64>? {
    try query.like.map { id in Set(library.copies(of: try board.store.sample(id: id))).union([id]) }
  }

  private func reviewer(_ request: Request) throws -> String {
    try Self.checked(parameter(request, "reviewer") ?? reviewer)
  }

  /// A name as it is kept.
  static func checked(_ name: String) throws -> String {
    do {
      return try ReviewerName.checked(name)
    } catch {
      throw RequestError.badRequest(error.description)
    }
  }
}
