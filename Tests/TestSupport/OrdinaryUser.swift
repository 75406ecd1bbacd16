import Foundation

/// Runs `body` as a user whom file permissions bind: root, whom they do not, is another user to the file system meanwhile,
/// on this thread alone.
public func asOrdinaryUser<T>(_ body: () throws -> T) rethrows -> T {
  #if canImport(Glibc)
    guard geteuid() == 0, let symbol = dlsym(nil, "setfsuid") else { return try body() }
    let setFileSystemUser = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> CInt).self)
    _ = setFileSystemUser(65_534)
    defer { _ = setFileSystemUser(0) }
  #endif
  return try body()
}
