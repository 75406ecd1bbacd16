/// Reads and writes the portable anymap formats: P1 to P6 of Netpbm, of any maxval.
///
/// Bitmaps become 0 (black) and 255 (white); other values are scaled from 0 ... maxval to 0 ... 255 and rounded.
/// Only the first picture of a file is read.
public enum PNMCodec: ImageCodec {
  /// PNM.
  public static let format = ImageFormat.pnm

  /// Whether the bytes begin with P1 to P6 and a blank or a comment.
  public static func matches(_ prefix: UnsafeRawBufferPointer) -> Bool {
    guard prefix.count >= 3, prefix[0] == UInt8(ascii: "P") else { return false }
    guard (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(prefix[1]) else { return false }
    return isBlank(prefix[2]) || prefix[2] == UInt8(ascii: "#")
  }

  /// Decodes a PNM file.
  ///
  /// - Throws: `ImagingError`.
  public static func decode(_ bytes: UnsafeRawBufferPointer) throws -> DecodedImage {
    guard matches(bytes) else { throw ImagingError.damaged(.pnm, reason: "it does not begin with P1 to P6") }
    let kind = bytes[1] - UInt8(ascii: "0")
    let isBitmap = kind == 1 || kind == 4
    var scanner = PNMScanner(bytes, offset: 2)
    let width = try scanner.number("the width")
    let height = try scanner.number("the height")
    try ImageLimits.check(.pnm, width: width, height: height)
    let maxval = isBitmap ? 1 : try scanner.number("the maxval")
    guard (1...65_535).contains(maxval) else {
      throw ImagingError.damaged(.pnm, reason: "its maxval is \(maxval), not 1 to 65535")
    }
    let channels = kind == 3 || kind == 6 ? 3 : 1
    let count = width * height * channels

    var pixels: [UInt8]
    switch kind {
    case 1: pixels = try scanner.bits(count)
    case 2, 3: pixels = try scanner.plainValues(count, maxval: maxval)
    case 4: pixels = try scanner.packedBits(width: width, height: height)
    default: pixels = try scanner.rawValues(count, maxval: maxval)
    }
    // In a bitmap 1 is ink.
    if isBitmap { for index in pixels.indices { pixels[index] = pixels[index] == 0 ? 255 : 0 } }

    var notes: [String] = []
    if maxval > 255 { notes.append("maxval \(maxval) reduced to 255") }
    let rest = scanner.remaining
    if kind >= 4, rest > 0 { notes.append("\(rest) bytes after the picture were not read") }
    let image = Image(height: height, width: width, channels: channels, pixels: pixels)
    return DecodedImage(image: image, format: .pnm, notes: notes)
  }

  /// Encodes a picture as raw PGM (P5, gray) or PPM (P6, RGB).
  public static func encode(_ image: Image) -> [UInt8] {
    Array("P\(image.channels == 1 ? 5 : 6)\n\(image.width) \(image.height)\n255\n".utf8) + image.pixels
  }

  /// Whether a byte separates numbers.
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
