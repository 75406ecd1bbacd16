import Foundation

/// The folder that an export goes to, and the one beside it in which it is written first.
struct ExportFolder {
  /// Where to write.
  let partial: String
  private let folder: String

  /// Checks the target and makes the folder to write in.
  init(_ folder: String, overwrite: Bool) throws {
    let files = FileManager.default
    self.folder = folder
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: folder, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw CurationError.cannotWrite(path: folder, reason: "it is a file, not a folder")
      }
      let contents = try Self.writing(folder) { try files.contentsOfDirectory(atPath: folder) }
      guard contents.isEmpty || overwrite else { throw CurationError.folderNotEmpty(folder) }
    }
    let url = URL(fileURLWithPath: folder).standardizedFileURL
    let process = ProcessInfo.processInfo.processIdentifier
    partial = url.deletingLastPathComponent().path + "/.\(url.lastPathComponent).partial-\(process)"
    try? files.removeItem(atPath: partial)
    try Self.make(partial)
  }

  /// Puts what was written in its place.
  func finish() throws {
    let files = FileManager.default
    try Self.writing(folder) {
      if !files.fileExists(atPath: folder) {
        try files.moveItem(atPath: partial, toPath: folder)
        return
      }
      for entry in try files.contentsOfDirectory(atPath: partial) {
        let path = folder + "/" + entry
        if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
        try files.moveItem(atPath: partial + "/" + entry, toPath: path)
      }
    }
    discard()
  }

  /// Removes what was written.
  func discard() {
    try? FileManager.default.removeItem(atPath: partial)
  }

  /// Makes a folder and those above it.
  static func make(_ folder: String) throws {
    try writing(folder) { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  }

  /// Turns Foundation's errors into our own.
  static func writing<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as CocoaError {
      let cause = (error.underlying as NSError?).map { String(cString: strerror(Int32($0.code))) }
      throw CurationError.cannotWrite(path: path, reason: cause ?? error.localizedDescription)
    }
  }
}
