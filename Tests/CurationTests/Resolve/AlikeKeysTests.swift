import GRDB
import Testing

@testable import Curation

struct AlikeKeysTests {
  @Test("Of two keys that read alike, which datasets of earlier versions may have, none is decided by chance")
  func decisions() throws {
    let fixture = try ResolveFixture()
    try fixture.store.write { db in
      for (id, key) in [(1, "caf\u{e9}"), (2, "cafe\u{301}")] {
        try db.execute(sql: "UPDATE sample SET key = ? WHERE id = ?", arguments: [key, id])
      }
    }
    let file = try DecisionFile(
      Array("key,action\ncaf\u{e9},reject\ncafe\u{301},accept\nrow-0000002,reject\n".utf8), name: "d.csv")
    let plan = try Resolver(fixture.store).plan(file, reviewer: "ann")
    #expect(plan.decisions.count == 1)
    #expect(plan.rejections.map(\.item) == ["row 0", "row 1"])
  }
}
