import Foundation
import GRDB

extension DatasetStore {
  /// Writes a copy of the dataset, history and all, to a new file, and opens it.
  ///
  /// The file appears under its name when it is complete.
  /// - Parameter replacing: Takes the place of a dataset that is there already.
  /// - Throws: `CurationError.datasetExists` or `.cannotWrite`.
  public func copy(to target: String, replacing: Bool = false) throws -> DatasetStore {
    if let size = try Self.fileSize(target), size > 0 {
      guard replacing else { throw CurationError.datasetExists(path: target) }
      try Self.checkIsDataset(target)
    }
    if let path, URL(fileURLWithPath: path).standardizedFileURL == URL(fileURLWithPath: target).standardizedFileURL {
      throw CurationError.cannotWrite(path: target, reason: "it is the dataset that is being copied")
    }
    try Self.checkFolder(of: target)
    let partial = target + ".partial-\(ProcessInfo.processInfo.processIdentifier)"
    try? FileManager.default.removeItem(atPath: partial)
    defer { try? FileManager.default.removeItem(atPath: partial) }
    try checkIsOpen()
    try translating(target) {
      try database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
    }
    for companion in [target, target + "-wal", target + "-shm"] {
      try? FileManager.default.removeItem(atPath: companion)
    }
    do {
      try FileManager.default.moveItem(atPath: partial, toPath: target)
    } catch {
      throw CurationError.cannotWrite(path: target, reason: error.localizedDescription)
    }
    let copy = try Self.open(at: target)
    try copy.relink(from: path)
    return copy
  }

  /// Rewrites the paths of linked files, which may be relative to the folder of the dataset they were copied from.
  private func relink(from original: String?) throws {
    let present = path
    try write { db in
      for row in try Row.fetchAll(db, sql: "SELECT id, path FROM sample WHERE path IS NOT NULL") {
        let linked = LinkedPath.absolute(row[1], datasetPath: original)
        try db.execute(
          sql: "UPDATE sample SET path = ? WHERE id = ?",
          arguments: [LinkedPath.stored(linked, datasetPath: present), row[0] as Int64])
      }
    }
  }
}
