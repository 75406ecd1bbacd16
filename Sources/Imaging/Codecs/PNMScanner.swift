/// Reads the numbers and values of a PNM file one after the other.
struct PNMScanner {
  private let bytes: UnsafeRawBufferPointer
  private var offset: Int

  /// Begins at `offset`, behind the two letters that name the format.
  init(_ bytes: UnsafeRawBufferPointer, offset: Int) {
    self.bytes = bytes
    self.offset = offset
  }

  /// Bytes that have not been read.
  var remaining: Int { bytes.count - offset }

  /// Reads a decimal number after blanks and comments; `name` says what it is in errors.
  mutating func number(_ name: @autoclosure () -> String) throws(ImagingError) -> Int {
    try skipBlanks(name)
    var value = 0
    let start = offset
    while offset < bytes.count, let digit = digit(bytes[offset]) {
      value = value * 10 + digit
      guard value <= 1_000_000_000 else { throw .damaged(.pnm, reason: "\(name()) is too large") }
      offset += 1
    }
    guard offset > start else { throw .damaged(.pnm, reason: "\(name()) is not a number") }
    return value
  }

  /// Reads `count` plain decimal values, scaled to 8 bits.
  mutating func plainValues(_ count: Int, maxval: Int) throws(ImagingError) -> [UInt8] {
    // A value takes two bytes at least, but the last one: a short file is refused before memory is taken.
    guard remaining >= 2 * count - 1 else { throw missing(of: count) }
    var values: [UInt8] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let value = try number("value \(index + 1) of \(count)")
      values.append(try scaled(value, maxval, index))
    }
    return values
  }

  /// Reads `count` raw values of one byte, or of two (the higher first) when `maxval` is past 255; scaled to 8 bits.
  mutating func rawValues(_ count: Int, maxval: Int) throws(ImagingError) -> [UInt8] {
    try skipOneBlank()
    let size = maxval > 255 ? 2 : 1
    guard remaining >= count * size else { throw missing(of: count * size, unit: "bytes") }
    let start = offset
    offset += count * size
    if maxval == 255 { return Array(bytes[start..<offset]) }
    var values: [UInt8] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let at = start + index * size
      let value = size == 1 ? Int(bytes[at]) : Int(bytes[at]) << 8 | Int(bytes[at + 1])
      values.append(try scaled(value, maxval, index))
    }
    return values
  }

  /// Reads `count` plain bits, 0 or 1 each, which need not be separated.
  mutating func bits(_ count: Int) throws(ImagingError) -> [UInt8] {
    guard remaining >= count else { throw missing(of: count) }
    var values: [UInt8] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      try skipBlanks { "value \(index + 1) of \(count)" }
      guard let bit = digit(bytes[offset]), bit <= 1 else {
        throw .damaged(.pnm, reason: "value \(index + 1) of \(count) is neither 0 nor 1")
      }
      values.append(UInt8(bit))
      offset += 1
    }
    return values
  }

  /// Reads rows of packed bits, the leftmost highest, each row beginning in a new byte.
  mutating func packedBits(width: Int, height: Int) throws(ImagingError) -> [UInt8] {
    try skipOneBlank()
    let stride = (width + 7) / 8
    guard remaining >= stride * height else { throw missing(of: stride * height, unit: "bytes") }
    var values: [UInt8] = []
    values.reserveCapacity(width * height)
    for y in 0..<height {
      for x in 0..<width { values.append((bytes[offset + y * stride + x >> 3] >> UInt8(7 - x & 7)) & 1) }
    }
    offset += stride * height
    return values
  }

  /// Scales a value to 8 bits.
  private func scaled(_ value: Int, _ maxval: Int, _ index: Int) throws(ImagingError) -> UInt8 {
    guard value <= maxval else {
      throw .damaged(.pnm, reason: "value \(index + 1) is \(value), past the maxval \(maxval)")
    }
    return UInt8((value * 255 + maxval / 2) / maxval)
  }

  /// Skips what may stand before a number; afterwards there is at least one byte left.
  private mutating func skipBlanks(_ name: () -> String) throws(ImagingError) {
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "#") {
        while offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
      } else if PNMCodec.isBlank(bytes[offset]) {
        offset += 1
      } else {
        return
      }
    }
    throw .truncated(.pnm, detail: "it ends before \(name())")
  }

  /// Skips the single blank between the header and raw values.
  private mutating func skipOneBlank() throws(ImagingError) {
    guard offset < bytes.count else { throw .truncated(.pnm, detail: "it ends after its header") }
    guard PNMCodec.isBlank(bytes[offset]) else { throw .damaged(.pnm, reason: "no blank follows its header") }
    offset += 1
  }

  private func missing(of count: Int, unit: String = "values") -> ImagingError {
    if unit == "bytes" { return .truncated(.pnm, detail: "it holds \(remaining) of \(count) bytes of pixels") }
    return .truncated(.pnm, detail: "\(remaining) bytes cannot hold \(count) values")
  }

  private func digit(_ byte: UInt8) -> Int? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte) - 0x30 : nil
  }
}
