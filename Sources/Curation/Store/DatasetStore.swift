import Foundation
import GRDB
import Synchronization

/// A dataset file: the only thing that opens SQLite.
///
/// Every change happens in one transaction together with the events that tell who made it and why, so that a process
/// that is killed leaves either all of it or nothing. Pictures are read in batches: no call holds the whole file.
/// Several processes may read while one writes.
public final class DatasetStore: Sendable {
  let database: any DatabaseWriter
  /// The path of the file; nil for a dataset in memory.
  public let path: String?
  private let isClosed = Mutex(false)

  init(database: any DatabaseWriter, path: String?) throws {
    self.database = database
    self.path = path
    try translating(path) { try Schema.migrator.migrate(database) }
  }

  init(readOnly database: DatabaseQueue, path: String) {
    self.database = database
    self.path = path
  }

  /// Creates a dataset file without samples.
  ///
  /// - Throws: `CurationError.datasetExists` or `.cannotWrite`.
  public static func create(at path: String) throws -> DatasetStore {
    if let size = try fileSize(path), size > 0 { throw CurationError.datasetExists(path: path) }
    try checkFolder(of: path)
    return try openPool(path)
  }

  /// Opens a dataset file; one that cannot be written can be read.
  ///
  /// - Throws: `CurationError.noSuchDataset`, `.notADataset` or `.newerDataset`.
  public static func open(at path: String) throws -> DatasetStore {
    guard try fileSize(path) != nil else { throw CurationError.noSuchDataset(path: path) }
    try checkIsDataset(path)
    return try isWritable(path) ? openPool(path) : openReadOnly(path)
  }

  /// Opens the dataset file, or creates it when there is none.
  public static func openOrCreate(at path: String) throws -> DatasetStore {
    if let size = try fileSize(path), size > 0 { return try open(at: path) }
    return try create(at: path)
  }

  /// Creates a dataset that lives in memory and goes with the process: for tests and for trying things out.
  public static func inMemory() throws -> DatasetStore {
    try DatasetStore(database: DatabaseQueue(configuration: configuration), path: nil)
  }

  /// Waits for what is going on, writes everything into the one file and closes it.
  ///
  /// It happens by itself when the last reference to the store goes; everything asked of a closed store throws.
  public func close() throws {
    let isFirst = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
    guard isFirst else { return }
    try translating(path) {
      try checkpoint()
      // A reader that is closed last would leave the `-wal` file behind.
      (database as? DatabasePool)?.invalidateReadOnlyConnections()
      try database.close()
    }
  }

  deinit {
    try? close()
  }

  /// Moves what SQLite keeps in the file's `-wal` companion into the file.
  func checkpoint() throws {
    guard let pool = database as? DatabasePool else { return }
    _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
  }

  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try checkIsOpen()
    return try translating(path) { try database.read(body) }
  }

  func write<T>(_ body: (Database) throws -> T) throws -> T {
    try checkIsOpen()
    return try translating(path) { try database.write(body) }
  }

  func checkIsOpen() throws {
    guard isClosed.withLock({ !$0 }) else {
      throw CurationError.databaseFailed(path: path ?? "in memory", message: "it was closed")
    }
  }
}

/// Turns SQLite's errors into the module's own.
func translating<T>(_ path: String?, _ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch let error as DatabaseError {
    let message =
      error.resultCode == .SQLITE_READONLY ? "it can only be read here" : error.message ?? "\(error.resultCode)"
    throw CurationError.databaseFailed(path: path ?? "in memory", message: message)
  } catch let error as RowDecodingError {
    // A damaged page can hold rows of another shape than its table's.
    throw CurationError.databaseFailed(path: path ?? "in memory", message: "it is damaged: \(error)")
  }
}

/// The present time as every table stores it: ISO 8601 in UTC.
func timestamp() -> String { Date().formatted(.iso8601) }
