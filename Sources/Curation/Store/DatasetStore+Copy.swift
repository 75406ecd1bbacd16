import Foundation
import GRDB

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension DatasetStore {
  /// Writes a copy of the dataset, history and all, to a new file, and opens it.
  ///
  /// - Parameter replacing: Takes the place of a dataset that is there already.
  /// - Throws: `CurationError.datasetExists` or `.cannotWrite`; then what was there is as it was.
  public func copy(to target: String, replacing: Bool = false) throws -> DatasetStore {
    try copy(to: target, replacing: replacing) { _ in }
    return try Self.open(at: target)
  }

  /// Writes a changed copy of the dataset, history and all, to a new file.
  ///
  /// It is made beside its place, with `.partial` behind the name, and takes the name when it is complete: whatever
  /// fails or is stopped on the way, a dataset that it was to replace is still there. What a killed process left under
  /// that name is made anew.
  /// - Parameters:
  ///   - replacing: Takes the place of a dataset that is there already.
  ///   - others: What `change` reads beside this dataset; none of them is replaced.
  ///   - change: Changes the copy, which is closed afterwards.
  /// - Throws: `CurationError.datasetExists`, `.cannotWrite` or what `change` throws; then what was there is as it was.
  public func copy<Result>(
    to target: String, replacing: Bool = false, reading others: [DatasetStore] = [],
    changing change: (DatasetStore) throws -> Result
  ) throws -> Result {
    try checkIsOpen()
    for read in [self] + others where read.path.map({ FileIdentity.isSame($0, target) }) ?? false {
      throw CurationError.cannotWrite(path: target, reason: "it is a dataset that is read here; name another file")
    }
    try Self.checkPlace(target, replacing: replacing)
    let partial = target + ".partial"
    if try Self.fileSize(partial) != nil, Self.isInUse(partial) {
      throw CurationError.cannotWrite(path: target, reason: "another program is writing it")
    }
    Self.remove(partial)
    defer { Self.remove(partial) }
    try translating(target) {
      try database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
    }
    let result = try changed(partial, change)
    try Self.put(partial, at: target, replacing: replacing)
    return result
  }

  private func changed<Result>(_ partial: String, _ change: (DatasetStore) throws -> Result) throws -> Result {
    let copy = try Self.open(at: partial)
    defer { try? copy.close() }
    try copy.relink(from: path)
    let result = try change(copy)
    try copy.close()
    return result
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

  // MARK: Places

  /// Whether a dataset may be written here.
  private static func checkPlace(_ target: String, replacing: Bool) throws {
    try checkFolder(of: target)
    guard let size = try fileSize(target), size > 0 else { return }
    guard replacing else { throw CurationError.datasetExists(path: target) }
    try checkIsDataset(target)
    // What the other program writes would be lost with the file.
    guard !isInUse(target) else {
      throw CurationError.cannotWrite(path: target, reason: "another program has it open; close that first")
    }
  }

  /// Gives a complete dataset its name; nobody ever sees half of one under it.
  private static func put(_ partial: String, at target: String, replacing: Bool) throws {
    // Looked at again: the work before may have taken an hour.
    try checkPlace(target, replacing: replacing)
    guard !isInUse(partial) else {
      throw CurationError.cannotWrite(path: target, reason: "another program has \(partial) open")
    }
    // SQLite would take what another dataset left beside its file for a part of this one.
    removeCompanions(of: target)
    guard rename(partial, target) == 0 else {
      throw CurationError.cannotWrite(path: target, reason: String(cString: strerror(errno)))
    }
  }

  /// Whether a connection elsewhere has the file open; if none has, all of the dataset is in the one file afterwards.
  private static func isInUse(_ path: String) -> Bool {
    if let queue = try? DatabaseQueue(path: path) {
      // The last connection that goes moves what is in the `-wal` file into the dataset and takes that file along.
      _ = try? queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
      try? queue.close()
    }
    return FileManager.default.fileExists(atPath: path + "-wal")
  }

  private static func remove(_ path: String) {
    unlink(path)
    removeCompanions(of: path)
  }

  private static func removeCompanions(of path: String) {
    for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
  }
}
