import GRDB

/// Which runs took back which: an undone run and its undo cancel each other out, and so does an undo that was undone.
struct RunFamily {
  private var undoes: [Int64: Int64] = [:]
  private var undoers: [Int64: [Int64]] = [:]

  init(_ db: Database) throws {
    for row in try Row.fetchAll(db, sql: "SELECT id, undoes FROM run WHERE undoes IS NOT NULL ORDER BY id") {
      undoes[row[0]] = row[1]
      undoers[row[1], default: []].append(row[0])
    }
  }

  /// The run that took `run` back and still stands; nil while `run` is in effect.
  func undoer(of run: Int64) -> Int64? {
    undoers[run]?.first { undoer(of: $0) == nil }
  }

  /// The runs whose events say nothing about whether `run` can be undone: its own undos, and all that cancel out.
  func cancellingOut(for run: Int64) -> Set<Int64> {
    var ignored = members(of: origin(of: run))
    for other in undoers.keys where undoes[other] == nil && undoer(of: other) != nil {
      ignored.formUnion(members(of: other))
    }
    return ignored
  }

  private func origin(of run: Int64) -> Int64 {
    undoes[run].map(origin(of:)) ?? run
  }

  private func members(of run: Int64) -> Set<Int64> {
    (undoers[run] ?? []).reduce(into: [run]) { $0.formUnion(members(of: $1)) }
  }
}
