import Foundation
import GRDB

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// What a path must be before SQLite touches it: opened by mistake, another program's file must stay as it is.

extension DatasetStore {
  /// What every SQLite file begins with.
  static let fileStart = Array("SQLite format 3\0".utf8)

  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(20)
    configuration.prepareDatabase { db in
      // The page size counts for files that are made; for others it changes nothing.
      try db.execute(sql: "PRAGMA page_size = \(Schema.pageSize)")
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
      try db.execute(sql: "PRAGMA cache_size = -32000")
      try db.execute(sql: "PRAGMA temp_store = MEMORY")
    }
    return configuration
  }

  static func openPool(_ path: String) throws -> DatasetStore {
    let pool: DatabasePool
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
    } catch let error as DatabaseError {
      throw CurationError.cannotWrite(path: path, reason: error.message ?? "\(error.resultCode)")
    }
    return try DatasetStore(database: pool, path: path)
  }

  /// Opens a file that can only be read here: on a read-only disk, or another user's.
  ///
  /// SQLite would make companions beside the file even to read it; where that cannot be, nobody else writes either, so it is
  /// told that the file stays as it is. Where a writer's `-wal` lies, what is in it counts, and its own companions are used.
  static func openReadOnly(_ path: String) throws -> DatasetStore {
    try translating(path) {
      let queue = try reader(path)
      guard try queue.read(Schema.migrator.hasCompletedMigrations) else {
        throw CurationError.databaseFailed(
          path: path, message: "it is of an older fercure and can only be read here; copy it to where it can be written"
        )
      }
      return DatasetStore(readOnly: queue, path: path)
    }
  }

  /// Whether a file, and companions beside it, can be written.
  static func isWritable(_ path: String) -> Bool {
    let folder = URL(fileURLWithPath: FileIdentity.resolved(path)).deletingLastPathComponent().path
    return access(path, W_OK) == 0 && access(folder, W_OK) == 0
  }

  private static func reader(_ path: String) throws -> DatabaseQueue {
    var configuration = configuration
    configuration.readonly = true
    if let size = try fileSize(path + "-wal"), size > 0 {
      return try DatabaseQueue(path: path, configuration: configuration)
    }
    let url = URL(fileURLWithPath: path).absoluteString
    return try DatabaseQueue(path: url + "?immutable=1", configuration: configuration)
  }

  /// The size of the file in bytes; nil when there is none.
  static func fileSize(_ path: String) throws -> Int? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    if isFolder.boolValue { throw CurationError.notADataset(path: path, found: "a folder") }
    return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  }

  static func checkFolder(of path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw CurationError.cannotWrite(path: path, reason: "the folder \(folder) does not exist")
    }
    guard isFolder.boolValue else { throw CurationError.cannotWrite(path: path, reason: "\(folder) is no folder") }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw CurationError.cannotWrite(path: path, reason: "the folder \(folder) is not writable")
    }
  }

  /// Looks at the file without changing it.
  static func checkIsDataset(_ path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw CurationError.databaseFailed(path: path, message: "the file cannot be read")
    }
    defer { try? file.close() }
    let start = try file.read(upToCount: 512) ?? Data()
    guard start.starts(with: fileStart) else {
      throw CurationError.notADataset(path: path, found: ContentSniffer.describe(Array(start)))
    }
    // Not from the file's first page: the identifier of a file that was just made may still be in its `-wal`.
    try translating(path) {
      let queue = try isWritable(path) ? DatabaseQueue(path: path) : reader(path)
      let isDataset = try queue.inDatabase { db in
        try Int32.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID
      }
      guard isDataset else { throw CurationError.notADataset(path: path, found: "another program's SQLite file") }
      let isNewer = try queue.inDatabase { try Schema.migrator.hasBeenSuperseded($0) }
      guard !isNewer else { throw CurationError.newerDataset(path: path) }
    }
  }
}
