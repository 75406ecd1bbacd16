import GRDB

/// Appends label events inside a transaction and keeps the samples equal to what their events add up to.
struct EventWriter {
  let db: Database
  let actor: String
  let run: Int64?
  private let classes: Set<String>
  private let classNames: [String]
  private let time = timestamp()

  init(_ db: Database, actor: String, run: Int64?) throws {
    self.db = db
    self.actor = actor
    self.run = run
    classNames = try String.fetchAll(db, sql: "SELECT name FROM class ORDER BY id")
    classes = Set(classNames)
  }

  /// Applies `changes` and lets the copies of a changed sample follow it, so that derived samples stay with their parent.
  ///
  /// A change to the value that is there already leaves no event.
  /// - Returns: The number of events.
  func apply(_ changes: [LabelChange]) throws -> Int {
    try apply(changes) { _, _, _ in true }
  }

  /// Puts values back; copies come along that were made since and were not changed themselves.
  ///
  /// A copy that has its parent's value by a decision of its own has to keep it, and nothing but its history tells.
  /// - Parameter event: Copies made before this event are left alone: what was changed about them has events of its own.
  /// - Returns: The number of events.
  func restore(_ changes: [LabelChange], since event: Int64 = 0) throws -> Int {
    try apply(changes) { copy, field, parent in
      let trail = try CopyTrail(db, of: copy, field: field, parent: parent)
      return trail.beginning >= event && trail.isFollowing
    }
  }

  /// - Parameter follows: Whether a copy with its parent's value follows, by its id, the field and the parent's key.
  private func apply(
    _ changes: [LabelChange], follows: (Int64, LabelChange.Field, String) throws -> Bool
  ) throws -> Int {
    let asked = Set(changes.map { Target(sample: $0.sample, field: $0.field) })
    var events = 0
    var queue = changes
    var next = 0
    while next < queue.count {
      let change = queue[next]
      next += 1
      let (key, value) = try current(change.sample, change.field)
      guard try validated(change, key: key) != value else { continue }
      try append(change, from: value)
      events += 1
      for copy in try copies(of: change.sample) where !asked.contains(Target(sample: copy, field: change.field)) {
        guard try current(copy, change.field).value == value, try follows(copy, change.field, key) else { continue }
        queue.append(
          LabelChange(sample: copy, field: change.field, to: change.to, reason: CopyTrail.reason(key) + change.reason))
      }
    }
    return events
  }

  /// The sample's key and the value of one of its fields, as text.
  func current(_ sample: Int64, _ field: LabelChange.Field) throws -> (key: String, value: String?) {
    let statement = try db.cachedStatement(
      sql: "SELECT key, label, split, CASE excluded WHEN 1 THEN 'true' ELSE 'false' END FROM sample WHERE id = ?")
    guard let row = try Row.fetchOne(statement, arguments: [sample]) else {
      throw CurationError.noSuchSample("id \(sample)")
    }
    switch field {
    case .label: return (row[0], row[1])
    case .split: return (row[0], row[2])
    case .excluded: return (row[0], row[3])
    }
  }

  private func validated(_ change: LabelChange, key: String) throws -> String? {
    switch change.field {
    case .label:
      if let label = change.to, !classes.contains(label) {
        throw CurationError.unknownClass(label, known: classNames)
      }
    case .split:
      guard let text = change.to, Split(rawValue: text) != nil else {
        throw CurationError.badValue(field: .split, value: change.to, sample: key)
      }
    case .excluded:
      guard change.to == "true" || change.to == "false" else {
        throw CurationError.badValue(field: .excluded, value: change.to, sample: key)
      }
    }
    return change.to
  }

  private func append(_ change: LabelChange, from: String?) throws {
    let event = try db.cachedStatement(
      sql: """
        INSERT INTO labelEvent (sample, field, "from", "to", actor, run, reason, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try event.execute(
      arguments: [change.sample, change.field.rawValue, from, change.to, actor, run, change.reason, time])
    let update: String
    let value: (any DatabaseValueConvertible)?
    switch change.field {
    case .label: (update, value) = ("UPDATE sample SET label = ? WHERE id = ?", change.to)
    case .split: (update, value) = ("UPDATE sample SET split = ? WHERE id = ?", change.to)
    case .excluded: (update, value) = ("UPDATE sample SET excluded = ? WHERE id = ?", change.to == "true")
    }
    try db.cachedStatement(sql: update).execute(arguments: [value, change.sample])
  }

  private func copies(of sample: Int64) throws -> [Int64] {
    let statement = try db.cachedStatement(sql: "SELECT sample FROM derivation WHERE parent = ? ORDER BY sample")
    return try Int64.fetchAll(statement, arguments: [sample])
  }

  private struct Target: Hashable {
    var sample: Int64
    var field: LabelChange.Field
  }
}
