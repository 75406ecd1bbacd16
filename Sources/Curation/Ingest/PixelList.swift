/// Reads the pixels of a FER csv: decimal numbers from 0 to 255, separated by spaces.
///
/// Its fast path takes four bytes at a time and assumes what practically every row keeps: single spaces and valid
/// numbers. A row that does not keep it is read again slowly, which either succeeds or says what is wrong.
enum PixelList {
  /// Why a list is no list of pixels.
  enum Failure: Error, Equatable {
    /// It has another number of pixels.
    case count(Int)
    /// It has something that is no number from 0 to 255, at this position, counted from 0.
    case value(String, position: Int)
  }

  /// Writes exactly `pixels.count` values.
  ///
  /// - Parameter text: `LineReader.padding` bytes behind it must be readable.
  static func parse(_ text: UnsafeRawBufferPointer, into pixels: UnsafeMutableBufferPointer<UInt8>) throws(Failure) {
    if parseFast(text, into: pixels) { return }
    var count = 0
    try scan(text) { value in
      if count < pixels.count { pixels[count] = value }
      count += 1
    }
    if count != pixels.count { throw .count(count) }
  }

  /// The number of pixels in a list.
  static func count(_ text: UnsafeRawBufferPointer) throws(Failure) -> Int {
    var count = 0
    try scan(text) { _ in count += 1 }
    return count
  }

  private static func parseFast(
    _ text: UnsafeRawBufferPointer, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    guard var position = text.baseAddress, let out = pixels.baseAddress, !pixels.isEmpty else { return false }
    let end = position + text.count
    var wrong: UInt32 = 0
    for index in 0..<pixels.count {
      guard position < end else { return false }
      let word = UInt32(littleEndian: position.loadUnaligned(as: UInt32.self))
      // Digits are 0x30 ... 0x39: bit 4 is set; in a space it is not. So the lowest clear bit 4 ends the number.
      let digits = (~word & 0x1010_1010).trailingZeroBitCount >> 3
      guard digits >= 1, digits <= 3 else { return false }
      // The number moved to the upper bytes, its last digit uppermost; zeros enter from below.
      let number = word << UInt32(truncatingIfNeeded: 32 - 8 * digits)
      let d = number & 0x0f0f_0f0f
      let value = ((d >> 8) & 15) &* 100 &+ ((d >> 16) & 15) &* 10 &+ (d >> 24)
      // Characters between `:` and `?`, and letters, also have bit 4 set: adding 6 carries, or the high half differs.
      let high: UInt32 = 0xf0f0_f0f0 << UInt32(truncatingIfNeeded: 32 - 8 * digits)
      wrong |= ((number | (number &+ 0x0606_0606)) & high) ^ (0x3030_3030 & high)
      wrong |= value >> 8
      out[index] = UInt8(truncatingIfNeeded: value)
      position += digits
      if index + 1 < pixels.count {
        wrong |= UInt32(position.load(as: UInt8.self) ^ 0x20)
        position += 1
      }
    }
    return wrong == 0 && position == end
  }

  private static func scan(_ text: UnsafeRawBufferPointer, _ body: (UInt8) -> Void) throws(Failure) {
    var position = 0
    var index = 0
    while true {
      while position < text.count, text[position] == 0x20 || text[position] == 0x09 { position += 1 }
      if position == text.count { return }
      let begin = position
      var value = 0
      var isNumber = true
      while position < text.count, text[position] != 0x20, text[position] != 0x09 {
        let digit = Int(text[position]) - 48
        if digit < 0 || digit > 9 || value > 255 { isNumber = false } else { value = value * 10 + digit }
        position += 1
      }
      guard isNumber, value <= 255 else {
        throw .value(String(decoding: text[begin..<min(position, begin + 24)], as: UTF8.self), position: index)
      }
      body(UInt8(value))
      index += 1
    }
  }
}
