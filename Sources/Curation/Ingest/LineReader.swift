#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Hands out the lines of a stream one after the other, as pointers into its buffer: nothing is copied or allocated.
///
/// The line end, LF, CRLF or CR, is not part of the line; a byte order mark at the very start is skipped. Every byte is
/// searched once for an LF and once for a CR, whatever the lines end in: a file may mix them.
final class LineReader {
  /// Bytes behind every line that may be read, though they mean nothing: lets a parser load words.
  static let padding = 8

  private let stream: ByteStream
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// Where the next LF stands, unless `start` has passed it; `end` when none was read yet.
  private var newline = 0
  /// Where the next CR stands, likewise.
  private var carriage = 0
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
    while true {
      if newline < start { newline = find(0x0a, from: start) }
      if carriage < start { carriage = find(0x0d, from: start) }
      let lineEnd = min(newline, carriage)
      // A CR that was read last may be the half of a CRLF.
      let isWhole = lineEnd < (carriage < newline ? end - 1 : end)
      if isWhole || atEnd {
        guard start < end else { return nil }
        let line = withoutMark(start..<lineEnd)
        let isPair = newline < end && newline == carriage + 1
        start = min(end, lineEnd + (isPair ? 2 : 1))
        return line
      }
      try fill()
    }
  }

  /// The position of the first such byte from `position` on; `end` when there is none.
  private func find(_ byte: Int32, from position: Int) -> Int {
    guard position < end, let base = buffer.baseAddress, let found = memchr(base + position, byte, end - position)
    else { return end }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private func withoutMark(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    var range = range
    if isFirst {
      isFirst = false
      if range.count >= 3, buffer[range.lowerBound] == 0xef, buffer[range.lowerBound + 1] == 0xbb,
        buffer[range.lowerBound + 2] == 0xbf
      {
        range = range.lowerBound + 3..<range.upperBound
      }
    }
    return UnsafeRawBufferPointer(rebasing: buffer[range])
  }

  /// Moves the begun line to the front and reads on behind it.
  private func fill() throws {
    let kept = end - start
    // Of what is kept nothing ends a line, except perhaps a CR that stands last.
    let endsInCarriage = carriage < end
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
    newline = find(0x0a, from: kept)
    carriage = endsInCarriage ? kept - 1 : find(0x0d, from: kept)
  }
}
