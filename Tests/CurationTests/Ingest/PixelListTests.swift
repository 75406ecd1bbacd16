import Randomness
import Testing

@testable import Curation

struct PixelListTests {
  private func parse(_ text: String, count: Int) throws -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: count)
    // Behind the text stands something that a careless parser would read on into.
    let bytes = Array(text.utf8) + Array("77777777".utf8)
    var failure: PixelList.Failure?
    bytes.withUnsafeBytes { bytes in
      pixels.withUnsafeMutableBufferPointer { pixels in
        do throws(PixelList.Failure) {
          try PixelList.parse(UnsafeRawBufferPointer(rebasing: bytes[0..<text.utf8.count]), into: pixels)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    return pixels
  }

  @Test("Every value is read, wherever it stands")
  func everyValue() throws {
    for value in 0...255 {
      #expect(try parse("\(value) 7 \(value)", count: 3) == [UInt8(value), 7, UInt8(value)])
      #expect(try parse("\(value)", count: 1) == [UInt8(value)])
    }
  }

  @Test("Random pictures are read as they were written", arguments: 0..<20)
  func randomPictures(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let pixels = (0..<2304).map { _ in UInt8.random(in: 0...255, using: &generator) }
    #expect(try parse(pixels.map(String.init).joined(separator: " "), count: 2304) == pixels)
  }

  @Test("Unusual but clear writing is read too")
  func unusualWriting() throws {
    #expect(try parse("  1   2\t3 ", count: 3) == [1, 2, 3])
    #expect(try parse("007 0255", count: 2) == [7, 255])
  }

  @Test("Every character that is no digit is found, wherever it stands")
  func everyWrongCharacter() {
    for character in (0x21...0x7e).map({ Character(UnicodeScalar($0)) }) where !character.isNumber {
      for text in [
        "1 2\(character) 3", "1 \(character)2 3", "1 \(character) 3", "1 2 3\(character)", "\(character) 2 3",
      ] {
        #expect(throws: PixelList.Failure.self, "\(text)") { try parse(text, count: 3) }
      }
    }
  }

  @Test("What is wrong is named with its position")
  func failures() {
    let failures: [(String, PixelList.Failure)] = [
      ("1 256 3", .value("256", position: 1)), ("1 2 999", .value("999", position: 2)),
      ("1 1000 3", .value("1000", position: 1)), ("abc 2 3", .value("abc", position: 0)),
      ("1 -2 3", .value("-2", position: 1)), ("1 2.5 3", .value("2.5", position: 1)), ("1 2", .count(2)),
      ("1 2 3 4", .count(4)), ("", .count(0)), ("1,2,3", .value("1,2,3", position: 0)),
    ]
    for (text, failure) in failures {
      #expect(throws: failure, "\(text)") { try parse(text, count: 3) }
    }
  }
}
