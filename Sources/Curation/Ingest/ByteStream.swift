import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes of a file or of the standard input, in order; compressed files go through the system's decompressor.
final class ByteStream {
  private let name: String
  private let file: FileHandle
  private var decompressor: Decompressor?
  private var peeked: [UInt8] = []
  private var consumed = 0

  /// Opens a file or a pipe; `-` is the standard input.
  init(path: String, name: String) throws {
    self.name = name
    guard path != "-" else {
      file = .standardInput
      return
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw CurationError.readFailed(name, message: String(cString: strerror(errno)))
    }
    // A pipe cannot be wound back: like the standard input it is taken as it comes.
    guard lseek(file.fileDescriptor, 0, SEEK_CUR) >= 0 else {
      self.file = file
      return
    }
    let start = (try? file.read(upToCount: 6)) ?? Data()
    if let tool = Decompressor.tool(for: [UInt8](start)) {
      try? file.close()
      let decompressor = try Decompressor(tool: tool, path: path, name: name)
      self.decompressor = decompressor
      self.file = decompressor.output
    } else {
      try? file.seek(toOffset: 0)
      self.file = file
    }
  }

  deinit {
    decompressor?.stop()
  }

  /// The first bytes, at most 64 KiB, without taking them.
  func peek() throws -> [UInt8] {
    while consumed == 0, peeked.count < 1 << 16 {
      let old = peeked.count
      var more = [UInt8](repeating: 0, count: (1 << 16) - old)
      let count = try more.withUnsafeMutableBytes { try readFile($0) }
      if count == 0 { break }
      peeked += more.prefix(count)
    }
    return peeked
  }

  /// Reads bytes into `buffer` and returns how many; 0 at the end.
  ///
  /// - Throws: `CurationError.readFailed`, or `.decompressionFailed` when the compressed file turns out to be damaged.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if consumed < peeked.count {
      let count = min(buffer.count, peeked.count - consumed)
      peeked.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[consumed..<consumed + count]))
      }
      consumed += count
      return count
    }
    return try readFile(buffer)
  }

  private func readFile(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard let address = buffer.baseAddress, !buffer.isEmpty else { return 0 }
    while true {
      let count = systemRead(file.fileDescriptor, address, buffer.count)
      if count > 0 { return count }
      if count == 0 {
        try decompressor?.finish()
        return 0
      }
      if errno != EINTR { throw CurationError.readFailed(name, message: String(cString: strerror(errno))) }
    }
  }
}

private func systemRead(_ descriptor: Int32, _ address: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, address, count)
}
