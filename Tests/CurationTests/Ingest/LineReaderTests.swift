import TestSupport
import Testing

@testable import Curation

struct LineReaderTests {
  private func lines(_ text: String, chunk: Int) throws -> [String] {
    try withTemporaryDirectory { folder in
      let path = try folder.write(text, to: "text")
      let reader = LineReader(try ByteStream(path: path, name: "text"), chunk: chunk)
      var lines: [String] = []
      while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
      return lines
    }
  }

  @Test("Lines are the same whatever the size of the buffer", arguments: [1, 2, 3, 7, 64, 4096])
  func everyChunk(chunk: Int) throws {
    let text = "\u{feff}one\r\ntwo\n\nthree is longer than the others\r\n\nlast"
    #expect(try lines(text, chunk: chunk) == ["one", "two", "", "three is longer than the others", "", "last"])
    #expect(try lines("", chunk: chunk) == [])
    #expect(try lines("\n", chunk: chunk) == [""])
    #expect(try lines("a\n", chunk: chunk) == ["a"])
    #expect(try lines("\r\n", chunk: chunk) == [""])
  }

  @Test("Lines may end in CR, and one file may end them in all three ways", arguments: [1, 2, 3, 7, 64, 4096])
  func carriageReturns(chunk: Int) throws {
    #expect(try lines("one\rtwo\r\rfour\r", chunk: chunk) == ["one", "two", "", "four"])
    let mixed = "one\rtwo\nthree\r\nfour\n\rsix\r\r\nlast"
    #expect(try lines(mixed, chunk: chunk) == ["one", "two", "three", "four", "", "six", "", "last"])
    #expect(try lines("\r", chunk: chunk) == [""])
  }
}
