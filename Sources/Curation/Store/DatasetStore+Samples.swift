import GRDB

extension DatasetStore: SampleSource {
  /// The names of the classes, in the dataset's order.
  public func classes() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT name FROM class ORDER BY id") }
  }

  /// All samples in order of id, excluded ones left out.
  public func samples() throws -> [Sample] {
    try read { try Sample.fetchAll($0, "WHERE excluded = 0 ORDER BY id") }
  }

  /// All samples in order of id, excluded ones too.
  public func allSamples() throws -> [Sample] {
    try read { try Sample.fetchAll($0, "ORDER BY id") }
  }

  /// The sample with this key.
  ///
  /// - Throws: `CurationError.noSuchSample`.
  public func sample(key: String) throws -> Sample {
    try read { db in
      guard let sample = try Sample.fetchAll(db, "WHERE key = ?", [key]).first else {
        throw CurationError.noSuchSample(key)
      }
      return sample
    }
  }

  /// The sample with this id.
  ///
  /// - Throws: `CurationError.noSuchSample`.
  public func sample(id: Int64) throws -> Sample {
    try read { db in
      guard let sample = try Sample.fetchAll(db, "WHERE id = ?", [id]).first else {
        throw CurationError.noSuchSample("id \(id)")
      }
      return sample
    }
  }
}

extension Sample {
  static let columns =
    #"id, key, split, label, excluded, width, height, channels, encoding, pixelHash, source, "group""#

  static func fetchAll(_ db: Database, _ clause: String, _ arguments: StatementArguments = []) throws -> [Sample] {
    var samples: [Sample] = []
    let rows = try Row.fetchCursor(db, sql: "SELECT \(columns) FROM sample \(clause)", arguments: arguments)
    while let row = try rows.next() { samples.append(try Sample(row: row)) }
    return samples
  }

  /// Reads the columns of `columns` in their order.
  init(row: Row) throws {
    self.init(
      id: row[0], key: row[1], split: try row.named(2), label: row[3], excluded: row[4], width: row[5], height: row[6],
      channels: row[7], encoding: try row.named(8), pixelHash: row[9], source: row[10], group: row[11])
  }
}

extension Row {
  /// Reads a column that holds the raw value of one of our enumerations.
  ///
  /// The schema's constraints admit no other values; a file that another program broke throws.
  func named<T: RawRepresentable<String>>(_ index: Int) throws -> T {
    let text: String? = self[index]
    guard let value = text.flatMap(T.init(rawValue:)) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "'\(text ?? "null")' is no \(T.self)")
    }
    return value
  }
}
