import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which file a path leads to, by whatever links and other names.
enum FileIdentity {
  /// Whether two paths lead to one file; those that lead to none are compared by their names, links followed.
  static func isSame(_ first: String, _ second: String) -> Bool {
    guard let one = number(first), let other = number(second) else { return resolved(first) == resolved(second) }
    return one == other
  }

  /// Device and inode; nil when there is no file.
  private static func number(_ path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
  }

  /// The path without links on the way; of what is not there, without links on the way to its folder.
  static func resolved(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    let url = URL(fileURLWithPath: path).standardizedFileURL
    return url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: url.lastPathComponent).path
  }
}
