import Foundation
import GRDB
import Imaging

/// Adds the samples of one dataset to another.
public struct DatasetMerge: Sendable {
  /// What the labels of the added dataset are called.
  public var mapping: LabelMapping
  /// What comes before the keys of added samples that are taken already; the name of the dataset.
  public var name: String

  /// Creates a merge.
  public init(mapping: LabelMapping = LabelMapping(), name: String) {
    self.mapping = mapping
    self.name = name
  }

  /// What was added.
  public struct Report: Sendable, Codable, Hashable {
    /// Samples that were added.
    public var added = 0
    /// Samples whose label is left out by the mapping.
    public var leftOut = 0
    /// Samples that the dataset has already: the same key and picture.
    public var unchanged = 0
    /// Added samples by their label before and after.
    public var labels: [String: String] = [:]
    /// The run by which it is recorded.
    public var run: Int64?
  }

  /// Adds what is not excluded of `other` to `store`, in one transaction: pictures, labels, splits, groups, votes, and
  /// copies with their derivations.
  ///
  /// The history of the added samples stays in their dataset; here it begins with the merge. A key that is taken by
  /// another picture gets the name of the dataset before it, and a number when that is taken too.
  /// - Throws: `SetsError.unmappedLabel`.
  public func add(_ other: DatasetStore, to store: DatasetStore, progress: Progress? = nil) throws -> Report {
    let samples = try other.samples()
    let counts = Dictionary(grouping: samples.compactMap(\.label)) { $0 }.mapValues(\.count)
    let mapping = try mapping.resolved(counts: counts, classes: try store.classes())
    let votes = try other.votes()
    let byKey = Dictionary(
      try other.allSamples().map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var report = Report()
    try store.write { db in
      try addClasses(db, mapping)
      let run = try Run.insert(db, kind: "merge", recipe: json(["dataset": name]))
      let source = try SourceRow.findOrInsert(db, name: name, kind: "dataset")
      let writer = try SampleWriter(db, actor: "rule merge", run: run.id, reason: "from \(name)")
      let vote = try db.makeStatement(sql: "INSERT INTO vote (sample, class, count) VALUES (?, ?, ?)")
      var ids: [Int64: Int64] = [:]
      var excluded: [LabelChange] = []
      for (index, sample) in samples.enumerated() {
        if index % 512 == 0 { try progress?(index, samples.count) }
        var label: String?
        if let given = sample.label {
          guard let target = mapping[given] ?? nil else {
            report.leftOut += 1
            continue
          }
          label = target
          report.labels[given] = target
        }
        let place = try place(db, of: sample)
        if let present = place.present {
          ids[sample.id] = present
          report.unchanged += 1
          continue
        }
        let derivation = try other.derivation(of: sample)
        let parent = derivation.flatMap { ids[$0.parent] }
        // A copy whose parent was left out goes with it.
        if derivation != nil, parent == nil {
          report.leftOut += 1
          continue
        }
        let standing = try standing(db, of: sample, label: label, parent: parent, byKey: byKey)
        let picture = try other.read { try StoredPicture.fetch($0, sample.id) }
        let path = picture.path.map {
          LinkedPath.stored(LinkedPath.absolute($0, datasetPath: other.path), datasetPath: store.path)
        }
        let id = try writer.insert(
          NewSample(
            key: place.key, split: standing.split, label: standing.label, width: sample.width, height: sample.height,
            channels: sample.channels, encoding: sample.encoding, pixelHash: sample.pixelHash,
            source: source.id, group: standing.group, path: path,
            bytes: picture.bytes.isEmpty ? nil : Data(picture.bytes)))
        ids[sample.id] = id
        report.added += 1
        if standing.isExcluded {
          excluded.append(
            LabelChange(sample: id, field: .excluded, to: "true", reason: "from \(name), as the face it was made of"))
        }
        if let derivation, let parent {
          try db.execute(
            sql: "INSERT INTO derivation (sample, parent, operations) VALUES (?, ?, ?)",
            arguments: [id, parent, derivation.operations.json])
        }
        var counts: Votes = [:]
        for (name, count) in votes[sample.id] ?? [:] where count > 0 {
          counts[(mapping[name] ?? name) ?? name, default: 0] += count
        }
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
          try vote.execute(arguments: [id, name, count])
        }
      }
      try writer.finish()
      _ = try EventWriter(db, actor: "rule merge", run: run.id).apply(excluded)
      try SourceWriter.record(db, source: source, items: samples.count, rejections: [])
      try Run.update(
        db, run.id, finished: timestamp(), outcome: "\(report.added) added, \(report.leftOut) left out")
      report.run = run.id
    }
    try store.groupEqualPictures()
    try progress?(samples.count, samples.count)
    return report
  }

  /// Split, label and group of a sample here: a copy stands where its parent does, whose own may be other ones than there.
  private func standing(
    _ db: Database, of sample: Sample, label: String?, parent: Int64?, byKey: [String: Sample]
  ) throws -> (split: Split, label: String?, group: String?, isExcluded: Bool) {
    let group = try group(db, of: sample, byKey: byKey)
    guard let parent else { return (sample.split, label, group, false) }
    let statement = try db.cachedStatement(
      sql: #"SELECT split, label, "group", excluded FROM sample WHERE id = ?"#)
    guard let row = try Row.fetchOne(statement, arguments: [parent]), let split = Split(rawValue: row[0]) else {
      throw CurationError.noSuchSample("id \(parent)")
    }
    if row[2] == nil, let group {
      // The parent was here without copies: from now on they are a family.
      try db.execute(sql: #"UPDATE sample SET "group" = ? WHERE id = ?"#, arguments: [group, parent])
    }
    return (split, row[1], row[2] ?? group, row[3])
  }

  /// The group of a sample here: one that is called after a sample goes by the key that this one has here, for other pictures may
  /// have had the same key.
  private func group(_ db: Database, of sample: Sample, byKey: [String: Sample]) throws -> String? {
    guard let group = sample.group, let prefix = SampleGroups.prefixesOfKeys.first(where: group.hasPrefix),
      let named = byKey[String(group.dropFirst(prefix.count))]
    else { return sample.group }
    return prefix + (try place(db, of: named).key)
  }

  /// The key that a sample gets, and the sample under that key when it is the same picture.
  private func place(_ db: Database, of sample: Sample) throws -> (key: String, present: Int64?) {
    let statement = try db.cachedStatement(sql: "SELECT id, pixelHash FROM sample WHERE key = ?")
    var key = sample.key
    var number = 1
    while let row = try Row.fetchOne(statement, arguments: [key]) {
      if row[1] == sample.pixelHash { return (key, row[0]) }
      key = number == 1 ? "\(name)/\(sample.key)" : "\(name)-\(number)/\(sample.key)"
      number += 1
    }
    return (key, nil)
  }

  /// Adds the classes that labels are mapped to and that are new.
  private func addClasses(_ db: Database, _ mapping: [String: String?]) throws {
    let present = try String.fetchAll(db, sql: "SELECT name FROM class ORDER BY id")
    let new = Set(mapping.values.compactMap { $0 }).subtracting(present).sorted()
    for (offset, name) in new.enumerated() {
      try db.execute(sql: "INSERT INTO class (id, name) VALUES (?, ?)", arguments: [present.count + offset, name])
    }
  }
}
