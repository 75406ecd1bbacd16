import Foundation
import GRDB
import Imaging

extension DatasetStore {
  /// Adds derived samples: no pixels, but the parent and what is done to it.
  ///
  /// A copy has the key `PARENTKEY#001`, counting on per parent and past keys that are taken, and the label, split, source
  /// and group of its parent; a parent without a group gets one, so that the two are never torn apart. Every copy is
  /// rendered once, for its size and fingerprint and to prove that it can be.
  /// - Parameters:
  ///   - derivations: Best with the copies of one parent side by side.
  ///   - actor: `rule rebalance`, `rule augment`, ...
  ///   - redraw: Draws a copy again that looks like its parent or like another copy of it; tried twenty times.
  /// - Returns: The ids of the new samples, in order.
  @discardableResult
  public func addDerived(
    _ derivations: [Derivation], actor: String, run: Int64?, reason: String, redraw: CopyRedraw? = nil,
    progress: Progress? = nil
  ) throws -> [Int64] {
    var ids: [Int64] = []
    let parents = Dictionary(uniqueKeysWithValues: try allSamples().map { ($0.id, $0) })
    let rendered = try renderedSizes(derivations, parents: parents, redraw: redraw, progress: progress)
    try write { db in
      let writer = try SampleWriter(db, actor: actor, run: run, reason: reason)
      var copies: [Int64: Int] = [:]
      for picture in rendered {
        let derivation = picture.derivation
        guard let parent = parents[derivation.parent] else {
          throw CurationError.noSuchSample("id \(derivation.parent)")
        }
        let last =
          try copies[parent.id]
          ?? Int.fetchOne(db, sql: "SELECT count(*) FROM derivation WHERE parent = ?", arguments: [parent.id]) ?? 0
        let number = try Self.freeNumber(db, of: parent.key, after: last)
        copies[parent.id] = number
        let group = try parent.group ?? Self.familyGroup(db, of: parent)
        let id = try writer.insert(
          NewSample(
            key: CopyKey.of(parent.key, copy: number), split: parent.split, label: parent.label,
            width: picture.width, height: picture.height, channels: picture.channels, encoding: .derived,
            pixelHash: picture.hash, source: parent.source, group: group))
        try db.cachedStatement(
          sql: "INSERT INTO derivation (sample, parent, operations) VALUES (?, ?, ?)"
        ).execute(arguments: [id, parent.id, derivation.operations.json])
        ids.append(id)
      }
      try writer.finish()
    }
    return ids
  }

  /// How all derived samples are made, excluded ones among them.
  public func derivations() throws -> [Derivation] {
    try read { try Row.fetchAll($0, sql: "SELECT parent, operations FROM derivation").map(Derivation.init(row:)) }
  }

  /// How a derived sample is made; nil for one that was ingested.
  public func derivation(of sample: Sample) throws -> Derivation? {
    try read { try Derivation.fetch($0, of: sample.id) }
  }

  private struct Rendered: Sendable {
    var derivation: Derivation
    var width: Int
    var height: Int
    var channels: Int
    var hash: String
  }

  private func renderedSizes(
    _ derivations: [Derivation], parents: [Int64: Sample], redraw: CopyRedraw?, progress: Progress?
  ) throws -> [Rendered] {
    var result: [Rendered] = []
    result.reserveCapacity(derivations.count)
    var seen = try picturesOfCopies()
    var start = 0
    while start < derivations.count {
      let batch = Array(derivations[start..<min(start + 512, derivations.count)])
      var images: [Int64: Image] = [:]
      let wanted = Set(batch.map(\.parent)).sorted()
      let samples = try wanted.map { id in
        guard let sample = parents[id] else { throw CurationError.noSuchSample("id \(id)") }
        return sample
      }
      try forEachImage(of: samples) { images[$0.id] = $1 }
      let originals = images
      @Sendable func render(_ derivation: Derivation) throws -> Rendered {
        guard let parent = originals[derivation.parent] else {
          throw CurationError.noSuchSample("id \(derivation.parent)")
        }
        do {
          let image = try derivation.operations.applied(to: parent)
          return Rendered(
            derivation: derivation, width: image.width, height: image.height, channels: image.channels,
            hash: PixelHash.of(image))
        } catch {
          throw CurationError.cannotRender(
            sample: "a copy of \(parents[derivation.parent]?.key ?? "")", reason: "\(error)")
        }
      }
      for (offset, var picture) in try concurrentMap(batch.count, { try render(batch[$0]) }).enumerated() {
        let parent = picture.derivation.parent
        var attempt = 0
        while picture.hash == parents[parent]?.pixelHash || seen[parent]?.contains(picture.hash) == true, attempt < 20 {
          attempt += 1
          guard let again = redraw?.derivation(at: start + offset, attempt: attempt) else { continue }
          picture = try render(again)
        }
        seen[parent, default: []].insert(picture.hash)
        result.append(picture)
      }
      start += batch.count
      try progress?(start, derivations.count)
    }
    return result
  }

  /// The fingerprints of the copies that are there, by parent.
  private func picturesOfCopies() throws -> [Int64: Set<String>] {
    try read { db in
      let rows = try Row.fetchCursor(
        db, sql: "SELECT parent, pixelHash FROM derivation JOIN sample ON sample.id = derivation.sample")
      var pictures: [Int64: Set<String>] = [:]
      while let row = try rows.next() { pictures[row[0], default: []].insert(row[1]) }
      return pictures
    }
  }

  private static func familyGroup(_ db: Database, of parent: Sample) throws -> String {
    let group = SampleGroups.familyPrefix + parent.key
    try db.cachedStatement(sql: #"UPDATE sample SET "group" = ? WHERE id = ? AND "group" IS NULL"#)
      .execute(arguments: [group, parent.id])
    return group
  }

  /// The next number whose key no sample has; one that was exported and ingested again has it without being a copy.
  private static func freeNumber(_ db: Database, of parent: String, after last: Int) throws -> Int {
    let statement = try db.cachedStatement(sql: "SELECT 1 FROM sample WHERE key = ?")
    var number = last + 1
    while try Int.fetchOne(statement, arguments: [CopyKey.of(parent, copy: number)]) != nil { number += 1 }
    return number
  }
}

/// The keys of copies.
enum CopyKey {
  /// The key of a copy: its parent's key, `#` and its number.
  static func of(_ parent: String, copy number: Int) -> String {
    let digits = String(number)
    return parent + "#" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}

extension Derivation {
  static func fetch(_ db: Database, of sample: Int64) throws -> Derivation? {
    let statement = try db.cachedStatement(sql: "SELECT parent, operations FROM derivation WHERE sample = ?")
    guard let row = try Row.fetchOne(statement, arguments: [sample]) else { return nil }
    return try Derivation(row: row)
  }

  /// Reads a row of parent and operations.
  fileprivate init(row: Row) throws {
    let operations = try JSONDecoder().decode([Imaging.Operation].self, from: Data((row[1] as String).utf8))
    self.init(parent: row[0], operations: operations)
  }
}
