import Foundation

/// The files below a folder, in the order of their paths; hidden ones are left out.
///
/// Symbolic links are followed, but never back into a folder that is being listed.
enum FolderListing {
  /// Paths relative to `folder`.
  ///
  /// - Parameter unreadable: is told of each folder below that cannot be read, by its path and why, and may throw that.
  /// - Throws: `CurationError.readFailed` when the folder itself cannot be read.
  static func files(
    in folder: String, unreadable: (_ path: String, _ error: CurationError) throws -> Void = { throw $1 }
  ) throws -> [String] {
    var files: [String] = []
    try list(folder, prefix: "", ancestors: [], unreadable: unreadable, into: &files)
    // By bytes: the same order on every machine, whatever its language.
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The folder itself, or the one in it when it contains nothing else: what an archive was unpacked into.
  static func root(of folder: String) throws -> String {
    var root = folder
    while case let entries = try entries(root), entries.count == 1, let only = entries.first {
      let inner = root + "/" + only
      guard isFolder(inner), SplitWords.split(for: only) == nil else { break }
      guard try self.entries(inner).contains(where: { isFolder(inner + "/" + $0) }) else { break }
      root = inner
    }
    return root
  }

  private static func list(
    _ folder: String, prefix: String, ancestors: Set<String>,
    unreadable: (_ path: String, _ error: CurationError) throws -> Void, into files: inout [String]
  ) throws {
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    guard !ancestors.contains(real) else { return }
    let found: [String]
    do throws(CurationError) {
      found = try entries(folder)
    } catch {
      guard !prefix.isEmpty else { throw error }
      return try unreadable(String(prefix.dropLast()), error)
    }
    for entry in found {
      let path = folder + "/" + entry
      if isFolder(path) {
        try list(
          path, prefix: prefix + entry + "/", ancestors: ancestors.union([real]), unreadable: unreadable, into: &files)
      } else {
        files.append(prefix + entry)
      }
    }
  }

  private static func entries(_ folder: String) throws(CurationError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
    } catch {
      throw CurationError.readFailed(folder, message: error.localizedDescription)
    }
  }

  /// Whether there is a folder.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
