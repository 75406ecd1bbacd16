#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Hands out the lines of a stream one after the other, as pointers into its buffer: nothing is copied or allocated.
///
/// The line end, LF or CRLF, is not part of the line; a byte order mark at the very start is skipped.
final class LineReader {
  /// Bytes behind every line that may be read, though they mean nothing: lets a parser load words.
  static let padding = 8

  private let stream: ByteStream
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var atEnd = false
  private var isFirst = true

  init(_ stream: ByteStream, chunk: Int = 1 << 20) {
    self.stream = stream
    buffer = .allocate(byteCount: chunk + Self.padding, alignment: 16)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit {
    buffer.deallocate()
  }

  /// The next line, valid until the next call; nil at the end of the stream.
  func next() throws -> UnsafeRawBufferPointer? {
    var searched = start
    while true {
      if let newline = newline(from: searched) {
        let line = trimmed(start..<newline)
        start = newline + 1
        return line
      }
      if atEnd {
        guard start < end else { return nil }
        let line = trimmed(start..<end)
        start = end
        return line
      }
      searched = try fill()
    }
  }

  private func newline(from position: Int) -> Int? {
    guard position < end, let base = buffer.baseAddress,
      let found = memchr(base + position, 0x0a, end - position)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private func trimmed(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    var range = range
    if isFirst {
      isFirst = false
      if range.count >= 3, buffer[range.lowerBound] == 0xef, buffer[range.lowerBound + 1] == 0xbb,
        buffer[range.lowerBound + 2] == 0xbf
      {
        range = range.lowerBound + 3..<range.upperBound
      }
    }
    if let last = range.last, buffer[last] == 0x0d { range = range.lowerBound..<last }
    return UnsafeRawBufferPointer(rebasing: buffer[range])
  }

  /// Moves the begun line to the front, reads on behind it, and returns where the new bytes begin.
  private func fill() throws -> Int {
    let kept = end - start
    if kept > 0, start > 0, let base = buffer.baseAddress { memmove(base, base + start, kept) }
    start = 0
    end = kept
    if kept + Self.padding >= buffer.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
      larger.initializeMemory(as: UInt8.self, repeating: 0)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[0..<kept]))
      buffer.deallocate()
      buffer = larger
    }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[kept..<buffer.count - Self.padding])
    let count = try stream.read(into: room)
    if count == 0 { atEnd = true }
    end = kept + count
    return kept
  }
}
