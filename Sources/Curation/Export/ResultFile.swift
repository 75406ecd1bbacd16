public import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that a command writes beside its result: a table, a chart, a model.
///
/// Its place is looked at before the work begins, so that a wrong path costs no training, and what is read is never
/// replaced. A regular file appears whole under its name; into anything else, such as a device, is written.
public struct ResultFile: Sendable {
  /// Where it goes.
  public let path: String

  /// Looks at the place.
  ///
  /// - Parameters:
  ///   - path: where to write; an existing file is replaced, unless it is a dataset.
  ///   - others: the files that the command reads, and others that it writes.
  /// - Throws: `CurationError.cannotWrite`.
  public init(_ path: String, besides others: [String] = []) throws {
    func refused(_ reason: String) -> CurationError { .cannotWrite(path: path, reason: reason) }
    self.path = path
    guard !path.isEmpty else { throw refused("a file without a name") }
    if others.contains(where: { FileIdentity.isSame($0, path) }) {
      throw refused("it is read or written here already; name another file")
    }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { throw refused("it is a folder; name a file") }
      if Self.isDataset(path) { throw refused("it is a dataset; name another file") }
      if access(path, W_OK) != 0 { throw refused(String(cString: strerror(errno))) }
    }
    let folder = URL(fileURLWithPath: FileIdentity.resolved(path)).deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw refused("there is no folder \(folder)")
    }
  }

  /// Writes the file.
  ///
  /// - Throws: `CurationError.cannotWrite`.
  public func write(_ bytes: Data) throws {
    var status = stat()
    let isThere = stat(path, &status) == 0
    guard !isThere || status.st_mode & S_IFMT == S_IFREG else { return try OutputFile.write(bytes, to: path) }
    let target = FileIdentity.resolved(path)
    let partial = target + ".partial-\(getpid())"
    do {
      try OutputFile.write(bytes, to: partial)
      // Who may read what was there may read what takes its place.
      if isThere { chmod(partial, status.st_mode & 0o7777) }
      guard rename(partial, target) == 0 else {
        throw CurationError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
      }
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// Writes a text.
  public func write(_ text: String) throws { try write(Data(text.utf8)) }

  /// Makes a folder for files, before the work begins.
  ///
  /// - Throws: `CurationError.cannotWrite`.
  public static func makeFolder(_ path: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw CurationError.cannotWrite(path: path, reason: "it is a file; name a folder")
    }
    try ExportFolder.make(path)
  }

  /// Whether a file is an SQLite file.
  private static func isDataset(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let file = FileHandle(forReadingAtPath: path)
    else { return false }
    return (try? file.read(upToCount: DatasetStore.fileStart.count)) == Data(DatasetStore.fileStart)
  }
}
