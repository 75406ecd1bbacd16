import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder that an export goes to, and the one beside it in which it is written first.
struct ExportFolder {
  /// Where to write.
  let partial: String
  private let folder: String

  /// Checks the target and makes the folder to write in.
  ///
  /// - Parameters:
  ///   - overwrite: Whether the target may hold something.
  ///   - linked: The files that the dataset is linked to: where these lie, nothing is written.
  init(_ folder: String, overwrite: Bool, linked: () throws -> [String]) throws {
    let files = FileManager.default
    self.folder = folder
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: folder, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw CurationError.cannotWrite(path: folder, reason: "it is a file, not a folder")
      }
      let contents = try Self.writing(folder) { try files.contentsOfDirectory(atPath: folder) }
      guard contents.isEmpty || overwrite else { throw CurationError.folderNotEmpty(folder) }
      if !contents.isEmpty { try Self.check(folder, holdsNoneOf: linked()) }
    }
    let url = URL(fileURLWithPath: folder).standardizedFileURL
    let (parent, start) = (url.deletingLastPathComponent().path, ".\(url.lastPathComponent).partial-")
    for left in (try? files.contentsOfDirectory(atPath: parent)) ?? [] where Self.isLeft(left, start: start) {
      try? files.removeItem(atPath: parent + "/" + left)
    }
    partial = parent + "/" + start + String(ProcessInfo.processInfo.processIdentifier)
    try Self.make(partial)
  }

  /// Whether a name is that of a folder which a killed export left: its process is gone, or its number is ours now.
  private static func isLeft(_ name: String, start: String) -> Bool {
    guard name.hasPrefix(start), let process = pid_t(name.dropFirst(start.count)), process > 0 else { return false }
    return process == getpid() || (kill(process, 0) != 0 && errno == ESRCH)
  }

  /// Puts what was written in its place: file by file where there is something already.
  ///
  /// Pictures that an earlier export left and this one did not write are taken away; everything else stays.
  /// - Returns: What stays among the pictures without being part of the export; paths inside the folder.
  func finish() throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else {
      try Self.writing(folder) { try FileManager.default.moveItem(atPath: partial, toPath: folder) }
      return []
    }
    let written = try FolderListing.files(in: partial)
    try checkRoom(for: written)
    let earlier = try EarlierExport(in: folder, written: Set(written))
    try earlier.removeStale()
    for parent in Self.parents(of: written) { try Self.make(folder + "/" + parent) }
    // Lists last: if this is stopped, those of the earlier export still tell the next one which files are stale.
    for file in written.filter({ !Self.isList($0) }) + written.filter(Self.isList) {
      try Self.move(partial + "/" + file, to: folder + "/" + file)
    }
    discard()
    return earlier.others
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

  /// Refuses a folder in which files lie that the dataset is linked to: writing there could replace an original.
  private static func check(_ folder: String, holdsNoneOf linked: [String]) throws {
    let start = FileIdentity.resolved(folder) + "/"
    let held = linked.filter { FileIdentity.resolved($0).utf8.starts(with: start.utf8) }
    guard let first = held.first else { return }
    throw CurationError.folderHoldsLinkedFiles(folder, files: held.count, example: first)
  }

  /// Looks for folders in the place of files and files in the place of folders, before anything is moved.
  private func checkRoom(for written: [String]) throws {
    func isFolder(_ path: String) -> Bool? {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder)
        ? isFolder.boolValue : nil
    }
    for parent in Self.parents(of: written) where isFolder(parent) == false {
      throw CurationError.cannotWrite(path: folder + "/" + parent, reason: "it is a file, not a folder")
    }
    for file in written where isFolder(file) == true {
      throw CurationError.cannotWrite(path: folder + "/" + file, reason: "it is a folder, not a file")
    }
  }

  /// All folders on the way to files, the outer ones first.
  private static func parents(of files: [String]) -> [String] {
    var parents: Set<String> = []
    for file in files {
      var parent = parent(of: file)
      while !parent.isEmpty, parents.insert(parent).inserted { parent = Self.parent(of: parent) }
    }
    return parents.sorted()
  }

  /// The folder of a path inside the target; empty at its top. (Foundation's own traps on a name of one letter.)
  static func parent(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
  }

  private static func isList(_ file: String) -> Bool {
    FolderMetadata.fileNames.contains { file == $0 || file.hasSuffix("/" + $0) }
  }

  /// Moves a file to the place of one that may be there.
  private static func move(_ file: String, to target: String) throws {
    if rename(file, target) == 0 { return }
    // The folder may be a link into another file system.
    guard errno == EXDEV else {
      throw CurationError.cannotWrite(path: target, reason: String(cString: strerror(errno)))
    }
    try writing(target) {
      if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(atPath: target) }
      try FileManager.default.moveItem(atPath: file, toPath: target)
    }
  }
}
