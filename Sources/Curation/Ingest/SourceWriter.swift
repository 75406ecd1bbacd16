import Foundation
import GRDB

/// Writes the samples of one source inside one transaction, and keeps count.
///
/// It knows which samples are there already, begins the run when there is something to write down, and remembers what
/// was rejected.
final class SourceWriter {
  /// The classes of the dataset.
  let classes: ClassNames
  private let db: Database
  private let source: SourceRow
  private let recipe: String
  /// The keys that the dataset had before, and those of this source so far.
  ///
  /// Sets compare keys as people read them: an accent is the same however it is encoded.
  private let presentKeys: Set<String>
  private var usedKeys: Set<String> = []
  private var samples: SampleWriter?
  private var run: Run?
  private var report: SourceReport
  /// Samples that are there already and were ingested with another label than the source gives them now, and the first.
  private var (otherLabels, otherLabel) = (0, "")

  /// - Parameter defaultClasses: The classes of a dataset that has none yet, when the options name none.
  init(
    _ db: Database, source: SourceRow, options: IngestOptions, defaultClasses: () throws -> [String]
  ) throws {
    self.db = db
    self.source = source
    recipe = try json(Recipe(source: source.name, kind: source.kind, options: options))
    report = SourceReport(
      name: source.name, kind: source.kind, added: 0, unchanged: 0, rejected: [], notes: [])
    classes = ClassNames(
      try ClassTable.prepare(db, source: source.name, wanted: options.labels, otherwise: defaultClasses))
    presentKeys = try String.fetchSet(db, sql: "SELECT key FROM sample")
  }

  /// Adds a sample, unless it is there already; one that is there with another picture is rejected, and so is one whose
  /// key reads like that of another.
  ///
  /// - Parameter item: What to call it in a rejection.
  func add(_ sample: NewSample, item: @autoclosure () -> String) throws {
    var sample = sample
    sample.key = source.keyPrefix + sample.key
    sample.source = source.id
    let (isNew, used) = usedKeys.insert(sample.key)
    if !isNew {
      let clash = clash(of: sample.key, with: used)
      let twice = "the key \(sample.key), which \(source.name) gives to another picture too"
      reject(item: item(), reason: "\(item()) has \(clash ?? twice)")
    } else if let place = presentKeys.firstIndex(of: sample.key) {
      try compare(sample, withKey: presentKeys[place], item: item())
    } else {
      _ = try writer().insert(sample)
      report.added += 1
    }
  }

  /// Takes a sample for the one that the dataset has under the same key, or rejects it.
  private func compare(_ sample: NewSample, withKey present: String, item: String) throws {
    if let clash = clash(of: sample.key, with: present) {
      reject(item: item, reason: "\(item) has \(clash)")
    } else if try presentHash(sample.key) == sample.pixelHash {
      report.unchanged += 1
      if let label = try firstLabel(sample.key), let said = sample.label, label != said {
        otherLabels += 1
        if otherLabels == 1 { otherLabel = "\(sample.key), \(said) in place of \(label)" }
      }
    } else {
      reject(
        item: item,
        reason: "the dataset has another picture under the key \(sample.key); a source is known by its name, so that "
          + "another one needs another name than \(source.name)")
    }
  }

  /// What is wrong with a key that reads like another one but is encoded otherwise; nil when they are the same.
  private func clash(of key: String, with other: String) -> String? {
    guard !key.utf8.elementsEqual(other.utf8) else { return nil }
    func spelt(_ key: String) -> String {
      key.unicodeScalars.map { $0.isASCII ? String($0) : $0.escaped(asASCII: true) }.joined()
    }
    return "the key \(spelt(key)), which reads like the key \(spelt(other)) of another sample; rename one of them"
  }

  /// Remembers an item that cannot be taken.
  func reject(item: String, reason: String) {
    report.rejected.append(Rejection(item: item, reason: reason))
  }

  /// Adds a remark to the report.
  func note(_ text: String) {
    report.notes.append(text)
  }

  /// Writes down rejections and the outcome.
  ///
  /// - Parameter items: The number of items of the source, rejected ones included.
  func finish(items: Int) throws -> SourceReport {
    try samples?.finish()
    if otherLabels > 0 {
      note(
        "of the samples that are there already \(otherLabels) \(otherLabels == 1 ? "has" : "have") another label now than when "
          + "they were ingested, such as \(otherLabel): labels are not overwritten, 'fercure resolve --from' changes them"
      )
    }
    try Self.record(db, source: source, items: items, rejections: report.rejected)
    if let run {
      let outcome = "\(report.added) added, \(report.unchanged) unchanged, \(report.rejected.count) rejected"
      try Run.update(db, run.id, finished: timestamp(), outcome: outcome)
    }
    return report
  }

  /// Writes down how many items a source has and which were rejected, in place of what was known about it.
  static func record(_ db: Database, source: SourceRow, items: Int, rejections: [Rejection]) throws {
    try db.execute(sql: "UPDATE source SET items = ? WHERE id = ?", arguments: [items, source.id])
    try db.execute(sql: "DELETE FROM rejection WHERE source = ?", arguments: [source.id])
    let row = try db.makeStatement(
      sql: "INSERT OR IGNORE INTO rejection (source, item, reason) VALUES (?, ?, ?)")
    for rejection in rejections { try row.execute(arguments: [source.id, rejection.item, rejection.reason]) }
  }

  private func writer() throws -> SampleWriter {
    if let samples { return samples }
    let run = try Run.insert(db, kind: "ingest", recipe: recipe)
    let writer = try SampleWriter(db, actor: "ingest", run: run.id, reason: "from \(source.name)")
    self.run = run
    samples = writer
    return writer
  }

  /// The label that a sample came with.
  private func firstLabel(_ key: String) throws -> String? {
    try String.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT "to" FROM labelEvent WHERE sample = (SELECT id FROM sample WHERE key = ?) AND field = 'label'
          ORDER BY id LIMIT 1
          """), arguments: [key])
  }

  private func presentHash(_ key: String) throws -> String? {
    try String.fetchOne(db.cachedStatement(sql: "SELECT pixelHash FROM sample WHERE key = ?"), arguments: [key])
  }

  private struct Recipe: Encodable {
    var source: String
    var kind: String
    var options: IngestOptions
  }
}

/// A row of the table `source`.
struct SourceRow {
  var id: Int64
  var name: String
  var kind: String
  var keyPrefix: String

  /// The row of this source, made if it is new.
  ///
  /// The keys of the first source of a kind stand alone; those of a later one begin with its name, because row numbers
  /// and paths repeat. The prefix is remembered, so that the same source finds its samples again.
  static func findOrInsert(_ db: Database, name: String, kind: String) throws -> SourceRow {
    let sql = "SELECT id, keyPrefix FROM source WHERE kind = ? AND name = ?"
    if let row = try Row.fetchOne(db, sql: sql, arguments: [kind, name]) {
      return SourceRow(id: row[0], name: name, kind: kind, keyPrefix: row[1])
    }
    let taken = Set(try String.fetchAll(db, sql: "SELECT keyPrefix FROM source WHERE kind = ?", arguments: [kind]))
    let stem = kind == FERCSV.name ? (name as NSString).deletingPathExtension : name
    var prefix = taken.isEmpty ? "" : "\(stem)/"
    var number = 2
    while taken.contains(prefix) {
      prefix = "\(stem)-\(number)/"
      number += 1
    }
    try db.execute(
      sql: "INSERT INTO source (name, kind, keyPrefix) VALUES (?, ?, ?)", arguments: [name, kind, prefix])
    return SourceRow(id: db.lastInsertedRowID, name: name, kind: kind, keyPrefix: prefix)
  }
}

/// The table `class`.
enum ClassTable {
  /// Fills the table if it is empty, and returns the names.
  ///
  /// - Parameters:
  ///   - wanted: What the user asks for; it may add classes behind those of the dataset, but change none.
  ///   - otherwise: The classes of an empty dataset when the user asks for none.
  static func prepare(
    _ db: Database, source: String, wanted: [String]?, otherwise: () throws -> [String]
  ) throws -> [String] {
    let present = try String.fetchAll(db, sql: "SELECT name FROM class ORDER BY id")
    let names = try wanted.map(ClassNames.parse) ?? (present.isEmpty ? otherwise() : present)
    guard names.starts(with: present) else {
      throw CurationError.otherClasses(source: source, given: names, dataset: present)
    }
    for (id, name) in names.enumerated().dropFirst(present.count) {
      try db.execute(sql: "INSERT INTO class (id, name) VALUES (?, ?)", arguments: [id, name])
    }
    return names
  }
}
