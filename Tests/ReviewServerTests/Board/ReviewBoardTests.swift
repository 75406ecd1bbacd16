import Curation
import Testing

@testable import ReviewServer

/// Queues, figures and people.
@Suite struct ReviewBoardTests {
  let fixture: ReviewFixture
  let board: ReviewBoard

  init() throws {
    fixture = try ReviewFixture()
    board = try fixture.board()
  }

  private func queue(_ parameters: [String: String] = [:], reviewer: String = "ann") throws -> ReviewBoard.Queue {
    try board.queue(QueueQuery { parameters[$0] }, reviewer: reviewer)
  }

  private func say(
    _ number: Int, _ action: Opinion.Action, by reviewer: String = "ann", origin: Opinion.Origin = .queue
  ) throws {
    _ = try board.decide(
      [Opinion(suggestion: fixture.ids[number], action: action, origin: origin)], reviewer: reviewer)
  }

  @Test(arguments: QueueQuery.Order.allCases)
  func `Every order holds every face once, and the same each time`(order: QueueQuery.Order) throws {
    let first = try queue(["order": order.rawValue])
    let second = try queue(["order": order.rawValue])
    #expect(first.entries.map(\.id) == second.entries.map(\.id))
    #expect(first.entries.map(\.id).sorted() == fixture.ids.sorted())
    #expect(first.random.allSatisfy(first.entries.indices.contains))
  }

  @Test func `Filters leave what they name`() throws {
    #expect(try queue(["from": "happy"]).entries.map(\.from) == ["happy", "happy"])
    #expect(try queue(["to": "not a face"]).entries.map(\.to) == [nil])
    #expect(try queue(["min": "0.8"]).entries.count == 4)
    #expect(try queue(["min": "0.5", "max": "0.6"]).entries.count == 3)
    #expect(try queue(["verdict": "not-a-face"]).entries.count == 1)
    #expect(try queue(["split": "test"]).entries.isEmpty)
    #expect(try queue(["state": "decided"]).entries.isEmpty)
  }

  @Test func `The surest come first, and so do those the networks contradict most`() throws {
    let sure = try queue().entries.map(\.confidence)
    #expect(sure == sure.sorted(by: >))
    let margins = try queue(["order": "disagreement"]).entries.compactMap(\.margin)
    #expect(margins == margins.sorted(by: >))
  }

  @Test func `A budget mixes one face by chance into every five`() throws {
    let queue = try queue(["order": "budget"])
    #expect(queue.random == [4, 9])
    let top = queue.entries.enumerated().filter { !queue.random.contains($0.offset) }.map(\.element.confidence)
    #expect(top == top.sorted(by: >))
  }

  @Test func `What teaches most leaves tenths that are known already`() throws {
    for number in 0..<2 { try say(number, .accept) }
    let first = try #require(try queue(["order": "teaches"]).entries.first)
    #expect(PrecisionEstimate.bin(of: first.confidence) != 9)
    #expect(try queue(["order": "teaches"]).random.count == 12)
  }

  @Test func `Skipped faces wait apart and count as open`() throws {
    try say(0, .skip)
    #expect(try queue().entries.count == 13)
    #expect(try queue(["state": "skipped"]).entries.map(\.id) == [fixture.ids[0]])
    #expect(try board.figures(reviewer: "ann").open == 14)
  }

  @Test func `A second pass shows others' faces without what was said`() throws {
    try say(0, .accept)
    #expect(try queue(["state": "second"]).entries.isEmpty)
    #expect(try queue(["state": "second"], reviewer: "bob").entries.map(\.id) == [fixture.ids[0]])
    let library = try FaceLibrary(fixture.store)
    let blind = try #require(
      try board.details(
        of: [fixture.ids[0]], reviewer: "bob", isBlind: true, library: library, withNeighbours: false
      ).first)
    #expect(blind.state == .open && blind.decidedBy == nil && blind.opinions.isEmpty && blind.label == "angry")
    let open = try #require(
      try board.details(
        of: [fixture.ids[0]], reviewer: "bob", isBlind: false, library: library, withNeighbours: false
      ).first)
    #expect(open.state == .accepted && open.decidedBy == "reviewer ann" && open.label == "disgust")
    #expect(open.opinions.map(\.reviewer) == ["ann"])
  }

  @Test func `A conflict has its own queue until somebody settles it`() throws {
    try say(0, .accept)
    try say(1, .accept)
    try say(0, .reject, by: "bob", origin: .secondPass)
    try say(1, .accept, by: "bob", origin: .secondPass)
    #expect(try queue(["state": "conflict"]).entries.map(\.id) == [fixture.ids[0]])
    #expect(try board.figures(reviewer: "ann").conflicts == 1)
    let people = try board.people()
    #expect(people.reviewers.map(\.name) == ["ann", "bob"])
    #expect(people.pairs.map(\.faces) == [2] && people.pairs.map(\.agreed) == [1])
    #expect(people.shared == 2 && people.conflicts == 1)
    try say(0, .reject, by: "cleo", origin: .conflict)
    #expect(try queue(["state": "conflict"]).entries.isEmpty)
    #expect(try fixture.store.sample(id: fixture.samples[0].id).label == "angry")
  }

  @Test func `Expectations start at the audit's claim and follow the decisions`() throws {
    let before = try board.figures(reviewer: "ann")
    #expect(before.rest[0].count == 14 && before.rest[9].count == 2)
    #expect(abs((before.rest[9].share ?? 0) - 0.925) < 1e-9)
    // Of each of four tenths one, so that the other one is still to be expected.
    for number in [3, 5, 7, 9] { try say(number, .reject) }
    let after = try board.figures(reviewer: "ann")
    #expect(after.rest[0].count == 10)
    #expect(after.rest[0].judged == 4)
    #expect((after.rest[0].share ?? 1) < (before.rest[0].share ?? 0))
    #expect(after.mine == 4 && after.states["rejected"] == 4)
    #expect(after.budgets[0].reviews == 10)
  }

  @Test func `The matrix counts what is open, accepted and otherwise decided`() throws {
    try say(0, .accept)
    try say(7, .reject)
    let cells = try board.matrix()
    #expect(cells.reduce(0) { $0 + $1.total } == 14)
    let cell = try #require(cells.first { $0.from == "angry" })
    #expect(cell.to == "disgust" && cell.total == 2 && cell.open == 0 && cell.accepted == 1 && cell.otherwise == 1)
    #expect(cells.contains { $0.to == "not a face" })
  }

  @Test func `A map keeps its points inside, spread, and apart by class`() throws {
    let map = try FaceMap(board)
    #expect(map.ids.count == 14)
    #expect(map.x.min() == 0 && map.x.max() == 1 && map.y.min() == 0 && map.y.max() == 1)
    let all = try #require(FaceMap.Box("0,0,1,1"))
    #expect(map.samples(in: all).count == 14)
    let corner = "0,0,\(map.x.sorted()[6]),1"
    #expect(try queue(["box": corner]).entries.count == map.x.filter { $0 <= map.x.sorted()[6] }.count)
    #expect(throws: RequestError.self) { try queue(["box": "1,2"]) }
  }

  @Test func `Principal axes are the directions of most variance`() {
    let rows: [[Double]] = (0..<50).map { step in
      let value = Double(step)
      return [value, 2 * value, step.isMultiple(of: 2) ? 3 : -3]
    }
    let axes = FaceMap.principalAxes(rows, dimensions: 3)
    #expect(abs(abs(axes[0][0]) - 0.4472) < 0.01)
    #expect(abs(abs(axes[1][2]) - 1) < 0.01)
    var product = 0.0
    for (a, b) in zip(axes[0], axes[1]) { product += a * b }
    #expect(abs(product) < 1e-9)
  }
}
