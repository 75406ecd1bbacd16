import GRDB

extension DatasetStore {
  /// Applies changes in one transaction, each as an event with its reason.
  ///
  /// A derived sample follows its parent unless it is changed itself. A change to the present value leaves no event.
  /// - Parameters:
  ///   - actor: Who does it: `self-cure`, `reviewer NAME` or `rule NAME`.
  ///   - run: The run to undo it by.
  /// - Returns: The number of events.
  @discardableResult
  public func apply(_ changes: [LabelChange], actor: String, run: Int64?) throws -> Int {
    try write { db in try EventWriter(db, actor: actor, run: run).apply(changes) }
  }

  /// The history of a sample, the oldest event first.
  public func events(of sample: Sample) throws -> [LabelEvent] {
    try read { try LabelEvent.fetchAll($0, "WHERE sample = ? ORDER BY id", [sample.id]) }
  }

  /// The events of a run in order; with nil, all events of the dataset.
  public func events(run: Int64?) throws -> [LabelEvent] {
    try read { db in
      guard let run else { return try LabelEvent.fetchAll(db, "ORDER BY id") }
      return try LabelEvent.fetchAll(db, "WHERE run = ? ORDER BY id", [run])
    }
  }

  /// The label that each sample came with, by id; samples that came without one are missing, whatever they were given since.
  public func firstLabels() throws -> [Int64: String] { try firstValues(of: .label) }

  /// What a field of each sample was when it was added, by id, as text.
  public func firstValues(of field: LabelChange.Field) throws -> [Int64: String] {
    try read { db in
      var runs: [Int64: Int64?] = [:]
      var values: [Int64: String] = [:]
      let events = try Row.fetchCursor(db, sql: #"SELECT sample, run, field, "from", "to" FROM labelEvent ORDER BY id"#)
      while let event = try events.next() {
        let (sample, run): (Int64, Int64?) = (event[0], event[1])
        // What a sample comes with is written by the run that adds it.
        let isAdding = runs[sample, default: run] == run
        if runs[sample] == nil { runs[sample] = .some(run) }
        if isAdding, event[2] == field.rawValue, event[3] == nil as String? {
          values[sample] = event[4]
        }
      }
      return values
    }
  }

  /// Adds up the events of every sample and compares the sums with the samples.
  ///
  /// - Returns: A sentence for each difference; none in a sound dataset.
  public func verifyEvents() throws -> [String] {
    try read { db in
      var differences: [String] = []
      var states: [Int64: [LabelChange.Field: String]] = [:]
      for event in try LabelEvent.fetchAll(db, "ORDER BY id") {
        let before = states[event.sample, default: [.excluded: "false"]][event.field]
        if before != event.from {
          differences.append(
            "event \(event.id) changes the \(event.field) from \(event.from ?? "none"), but it was \(before ?? "none")")
        }
        states[event.sample, default: [.excluded: "false"]][event.field] = event.to
      }
      for sample in try Sample.fetchAll(db, "ORDER BY id") {
        let sum = states[sample.id] ?? [.excluded: "false"]
        let present: [(LabelChange.Field, String?)] = [
          (.label, sample.label), (.split, sample.split.rawValue), (.excluded, sample.excluded ? "true" : "false"),
        ]
        for (field, value) in present where sum[field] != value {
          differences.append(
            "\(sample.key): \(field) is \(value ?? "none"), its events add up to \(sum[field] ?? "none")")
        }
      }
      return differences
    }
  }
}

extension LabelEvent {
  static func fetchAll(
    _ db: Database, _ clause: String, _ arguments: StatementArguments = []
  ) throws -> [LabelEvent] {
    let sql = """
      SELECT id, sample, field, "from", "to", actor, run, reason, time FROM labelEvent \(clause)
      """
    var events: [LabelEvent] = []
    let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
    while let row = try rows.next() {
      events.append(
        LabelEvent(
          id: row[0], sample: row[1], field: try row.named(2), from: row[3], to: row[4], actor: row[5], run: row[6],
          reason: row[7], time: row[8]))
    }
    return events
  }
}
