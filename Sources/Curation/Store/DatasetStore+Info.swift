import GRDB

extension DatasetStore {
  /// Counts what the dataset holds.
  public func info() throws -> DatasetInfo {
    try read { db in
      let classes = try String.fetchAll(db, sql: "SELECT name FROM class ORDER BY id")
      let splits = try Self.splits(db, classes: classes)
      func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM " + sql) ?? 0 }
      func counts(_ sql: String) throws -> [String: Int] {
        let pairs = try Row.fetchAll(db, sql: sql).map { row in (row[0] as String, row[1] as Int) }
        // Names that SQLite tells apart may be the same to Unicode.
        return Dictionary(pairs, uniquingKeysWith: +)
      }
      return DatasetInfo(
        samples: splits.values.reduce(0) { $0 + $1.total }, classes: classes, splits: splits,
        sizes: try Self.sizes(db), imbalanceRatio: Self.imbalanceRatio(splits[Split.train.rawValue]),
        excluded: try count("sample WHERE excluded"),
        unlabelled: try count("sample WHERE NOT excluded AND label IS NULL"),
        derived: try count("sample WHERE NOT excluded AND encoding = 'derived'"),
        distinctPictures: try Int.fetchOne(
          db, sql: "SELECT count(DISTINCT pixelHash) FROM sample WHERE NOT excluded") ?? 0,
        votesKnown: try count(
          "(SELECT DISTINCT sample FROM vote JOIN sample ON sample.id = sample WHERE NOT excluded)"),
        rejections: try count("rejection"),
        labelEvents: try counts("SELECT actor, count(*) FROM labelEvent GROUP BY actor"),
        suggestions: try counts("SELECT state, count(*) FROM suggestion GROUP BY state"),
        sources: try Self.sources(db), runs: try Run.fetchAll(db))
    }
  }

  private static func splits(_ db: Database, classes: [String]) throws -> [String: DatasetInfo.SplitInfo] {
    var splits: [String: DatasetInfo.SplitInfo] = [:]
    for split in Split.allCases {
      splits[split.rawValue] = .init(
        total: 0, classes: Dictionary(uniqueKeysWithValues: classes.map { ($0, 0) }))
    }
    let sql = "SELECT split, label, count(*) FROM sample WHERE NOT excluded GROUP BY split, label"
    for row in try Row.fetchAll(db, sql: sql) {
      let split: String = row[0]
      splits[split]?.total += row[2]
      if let label: String = row[1] { splits[split]?.classes[label] = row[2] }
    }
    return splits
  }

  private static func sizes(_ db: Database) throws -> [DatasetInfo.Size] {
    let sql = """
      SELECT width, height, channels, count(*) AS n FROM sample WHERE NOT excluded
      GROUP BY width, height, channels ORDER BY n DESC, width, height, channels
      """
    return try Row.fetchAll(db, sql: sql).map {
      .init(width: $0[0], height: $0[1], channels: $0[2], samples: $0[3])
    }
  }

  private static func sources(_ db: Database) throws -> [DatasetInfo.Source] {
    let sql = """
      SELECT name, kind, keyPrefix, (SELECT count(*) FROM sample WHERE source = source.id AND encoding <> 'derived')
      FROM source ORDER BY id
      """
    return try Row.fetchAll(db, sql: sql).map {
      .init(name: $0[0], kind: $0[1], keyPrefix: $0[2], samples: $0[3])
    }
  }

  private static func imbalanceRatio(_ split: DatasetInfo.SplitInfo?) -> Double? {
    let counts = (split?.classes.values).map { $0.filter { $0 > 0 } } ?? []
    guard let most = counts.max(), let fewest = counts.min() else { return nil }
    return Double(most) / Double(fewest)
  }
}
