/// What the chunks of a PNG file say, without decoding any pixel.
///
/// libpng reports a file that was cut off in several ways, and does not say what it converted. This walk over the
/// chunk headers does: it reads a few bytes a chunk, so it costs next to nothing.
struct PNGChunks {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Columns.
  private(set) var width = 0
  /// Rows.
  private(set) var height = 0
  /// Bits a channel, or bits a palette index.
  private(set) var bitDepth = 0
  /// True when the bytes end before the end chunk does.
  private(set) var endsEarly = true
  /// True when the file goes on after its first picture (APNG).
  private(set) var isAnimated = false
  /// The exponent of a gamma chunk that differs from sRGB's and is not overruled by another chunk.
  private(set) var foreignGamma: Double?

  /// Walks over the chunks of a file that has PNG's signature.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImagingError) {
    func number(at offset: Int) -> Int {
      Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    // 8 bytes of signature, then length, name, 13 bytes of header and checksum.
    guard bytes.count >= 33 else {
      throw .truncated(.png, detail: "it ends after \(bytes.count) bytes, inside its header")
    }
    guard bytes[12..<16].elementsEqual("IHDR".utf8), number(at: 8) == 13 else {
      throw .damaged(.png, reason: "its first chunk is not IHDR")
    }
    width = number(at: 16)
    height = number(at: 20)
    bitDepth = Int(bytes[24])

    var hasColourSpace = false
    var gamma: Int?
    var offset = 33
    while offset + 12 <= bytes.count {
      let length = number(at: offset)
      let name = bytes[offset + 4..<offset + 8]
      let next = offset + 12 + length
      guard next <= bytes.count else { break }
      if name.elementsEqual("IEND".utf8) {
        endsEarly = false
        break
      }
      if name.elementsEqual("gAMA".utf8), length == 4 { gamma = number(at: offset + 8) }
      if name.elementsEqual("sRGB".utf8) || name.elementsEqual("iCCP".utf8) { hasColourSpace = true }
      if name.elementsEqual("acTL".utf8) { isAnimated = true }
      offset = next
    }
    // libpng leaves alone what differs from sRGB's 1/2.2 by less than 5 %.
    if let gamma, gamma > 0, !hasColourSpace, abs(Double(gamma) / 45_455 - 1) > 0.05 {
      foreignGamma = Double(gamma) / 100_000
    }
  }
}
