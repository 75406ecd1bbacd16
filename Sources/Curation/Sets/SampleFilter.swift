import GRDB

/// Chooses samples by a condition, an SQL expression: `label = 'disgust' and width >= 48`.
///
/// The expression is evaluated on a connection that cannot write, over the columns of `columns` and nothing else.
public struct SampleFilter: Sendable, Hashable {
  /// The condition as it was given.
  public let condition: String

  /// What a condition can be about: the fields of a sample, the name of its source, the probability of its label in the
  /// last audit, its votes and the share of them for its label, and the names of the checks that flagged it.
  public static let columns = [
    "key", "split", "label", "width", "height", "channels", "encoding", "pixelHash", "group", "source", "quality",
    "votes", "agreement", "findings", "derived",
  ]

  /// Creates a filter.
  public init(_ condition: String) {
    self.condition = condition
  }

  /// The ids of the samples that match, in order, excluded ones left out.
  ///
  /// - Throws: `SetsError.badCondition`.
  public func matches(in store: DatasetStore) throws -> [Int64] {
    let sql = """
      WITH candidate AS (
        SELECT sample.id, key, split, label, width, height, channels, encoding, pixelHash, "group",
          (SELECT name FROM source WHERE source.id = sample.source) AS source,
          (SELECT quality FROM score WHERE score.sample = sample.id AND score.label = sample.label
             AND run = (SELECT max(run) FROM score)) AS quality,
          (SELECT sum(count) FROM vote WHERE vote.sample = sample.id) AS votes,
          (SELECT sum(CASE WHEN class = label THEN count ELSE 0 END) * 1.0 / sum(count)
             FROM vote WHERE vote.sample = sample.id) AS agreement,
          (SELECT group_concat("check") FROM finding WHERE finding.sample = sample.id) AS findings,
          encoding = 'derived' AS derived
        FROM sample WHERE excluded = 0
      )
      SELECT id FROM candidate WHERE (
      \(condition)
      ) ORDER BY id
      """
    do {
      return try store.evaluating { db in
        // One statement and no parameters: what follows a semicolon is refused, and the connection reads only.
        let statement = try db.makeStatement(sql: sql)
        guard statement.isReadonly, statement.columnCount == 1 else {
          throw SetsError.badCondition(condition, problem: "it is more than an expression")
        }
        return try Int64.fetchAll(statement)
      }
    } catch let error as DatabaseError {
      throw SetsError.badCondition(condition, problem: error.message ?? "SQLite refuses it")
    }
  }
}

extension DatasetStore {
  /// Reads with an SQL text that came from outside; its errors are the caller's.
  func evaluating<T>(_ body: (Database) throws -> T) throws -> T {
    try checkIsOpen()
    return try database.read(body)
  }
}
