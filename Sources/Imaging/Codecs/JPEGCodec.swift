internal import CJPEG

/// Reads and writes JPEG through libjpeg.
///
/// Baseline and progressive, gray, YCbCr, RGB, CMYK and YCCK files are read; the last two become RGB, with Adobe's
/// inverted values put right. The EXIF orientation is applied, so that a picture is upright however it is stored.
/// Where libjpeg only warns that the data ended early or could not be decoded, and makes pixels up, this is an error.
public enum JPEGCodec: ImageCodec {
  /// JPEG.
  public static let format = ImageFormat.jpeg

  /// Whether the bytes begin with JPEG's start mark and another mark.
  public static func matches(_ prefix: UnsafeRawBufferPointer) -> Bool {
    prefix.count >= 3 && prefix[0] == 0xFF && prefix[1] == 0xD8 && prefix[2] == 0xFF
  }

  /// Decodes a JPEG file.
  ///
  /// - Throws: `ImagingError`.
  public static func decode(_ bytes: UnsafeRawBufferPointer) throws -> DecodedImage {
    guard let reader = cjpeg_open(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) else {
      throw ImagingError.unsupported(.jpeg, reason: "there is no memory left to read it")
    }
    defer { cjpeg_close(reader) }
    let header = cjpeg_info(reader)
    try check(header)
    let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
    try ImageLimits.check(.jpeg, width: width, height: height)

    let size = width * height * channels
    let pixels = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = cjpeg_read(reader, buffer.baseAddress) == 0 ? size : 0
    }
    let info = cjpeg_info(reader)
    try check(info)

    var notes: [String] = []
    if info.cmyk != 0 { notes.append("CMYK converted to RGB") }
    if info.warnings > 0 { notes.append("libjpeg: \(message(info))") }
    var image = Image(height: height, width: width, channels: channels, pixels: pixels)
    let orientation = EXIFOrientation(jpeg: bytes)
    if orientation != .upright {
      image = image.oriented(by: orientation)
      notes.append("turned upright from EXIF orientation \(orientation.rawValue)")
    }
    return DecodedImage(image: image, format: .jpeg, notes: notes)
  }

  /// Encodes a picture as baseline gray or YCbCr (4:2:0).
  ///
  /// - Parameter quality: 1 (small) ... 100 (faithful), on libjpeg's scale.
  /// - Throws: `ImagingError.notEncoded`.
  public static func encode(_ image: Image, quality: Int = 90) throws -> [UInt8] {
    precondition((1...100).contains(quality), "JPEG quality runs from 1 to 100")
    var bytes: UnsafeMutablePointer<UInt8>?
    var count: UInt = 0
    var message = [CChar](repeating: 0, count: Int(CJPEG_MESSAGE_LENGTH))
    let code = cjpeg_encode(
      image.pixels, CInt(image.width), CInt(image.height), CInt(image.channels), CInt(quality), &bytes, &count,
      &message)
    guard code == 0, let bytes else {
      throw ImagingError.notEncoded(
        .jpeg, reason: message.withUnsafeBufferPointer { $0.baseAddress.map(String.init(cString:)) ?? "" })
    }
    defer { cjpeg_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
  }

  /// Throws when libjpeg failed or made pixels up.
  private static func check(_ info: CJPEGInfo) throws(ImagingError) {
    if info.truncated != 0 { throw .truncated(.jpeg, detail: message(info)) }
    // libjpeg's words for 12-bit samples, and for arithmetic coding where that was left out of it.
    if info.failed != 0, message(info).hasPrefix("Unsupported") || message(info).hasPrefix("Sorry") {
      throw .unsupported(.jpeg, reason: message(info))
    }
    if info.failed != 0 || info.corrupt != 0 { throw .damaged(.jpeg, reason: message(info)) }
  }

  /// What libjpeg said.
  private static func message(_ info: CJPEGInfo) -> String {
    withUnsafeBytes(of: info.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
