import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is written from front to back, a mebibyte at a time.
final class OutputFile {
  private let path: String
  private let file: FileHandle
  private var buffer: [UInt8] = []

  /// Opens the file, emptying it if it is there.
  ///
  /// Unlike Foundation's writing, this asks for no `fsync` a file, which would take minutes for thousands of pictures.
  init(_ path: String) throws {
    self.path = path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw CurationError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Writes a whole file.
  static func write(_ bytes: Data, to path: String) throws {
    let file = try OutputFile(path)
    do {
      try file.file.write(contentsOf: bytes)
    } catch {
      throw CurationError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    try file.close()
  }

  /// Appends a text.
  func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 20 { try flush() }
  }

  /// Appends what `body` writes into the buffer it is given, and returns the number of.
  ///
  /// - Parameter capacity: The most bytes that it may write.
  func write(capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) throws {
    let old = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: capacity))
    let count = buffer.withUnsafeMutableBytes { body(UnsafeMutableRawBufferPointer(rebasing: $0[old...])) }
    buffer.removeLast(capacity - count)
    if buffer.count >= 1 << 20 { try flush() }
  }

  /// Writes what is left and closes the file.
  func close() throws {
    try flush()
    try file.close()
  }

  private func flush() throws {
    if buffer.isEmpty { return }
    do {
      try file.write(contentsOf: buffer)
    } catch {
      throw CurationError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
