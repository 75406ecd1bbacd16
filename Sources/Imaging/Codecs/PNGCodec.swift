internal import CPNG

/// Reads and writes PNG through libpng's simplified API.
///
/// Every bit depth, palette, transparency and interlacing is read. Whether a picture has 1 or 3 channels follows
/// from the file's colour type: gray gives 1; colour gives 3, and so does a palette, even one of grays.
/// - 16 bits a channel are taken as sRGB, unless the file says otherwise, and rounded to 8.
/// - Transparent pixels are blended on black in sRGB values: `value * alpha / 255`, rounded.
/// - A gamma that differs from sRGB's is converted to sRGB, as the PNG specification asks for.
///
/// A wrong checksum in picture data is an error; in other chunks it is a note.
public enum PNGCodec: ImageCodec {
  /// PNG.
  public static let format = ImageFormat.png

  /// Whether the bytes begin with PNG's signature.
  public static func matches(_ prefix: UnsafeRawBufferPointer) -> Bool {
    prefix.count >= 8 && prefix.prefix(8).elementsEqual(PNGChunks.signature)
  }

  /// Decodes a PNG file.
  ///
  /// - Throws: `ImagingError`.
  public static func decode(_ bytes: UnsafeRawBufferPointer) throws -> DecodedImage {
    let chunks = try PNGChunks(bytes)
    try ImageLimits.check(.png, width: chunks.width, height: chunks.height)

    var png = png_image()
    png.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&png) }
    guard png_image_begin_read_from_memory(&png, bytes.baseAddress, bytes.count) != 0 else {
      throw failure(png, chunks, bytes.count)
    }
    // Without the flag libpng takes 16-bit values without a colour space as linear light, which brightens them.
    png.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
    let isColour = png.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
    let hasAlpha = png.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0
    png.format = png_uint_32((isColour ? PNG_FORMAT_FLAG_COLOR : 0) | (hasAlpha ? PNG_FORMAT_FLAG_ALPHA : 0))

    let channels = isColour ? 3 : 1
    let stored = channels + (hasAlpha ? 1 : 0)
    let area = chunks.width * chunks.height
    var succeeded = false
    let values = [UInt8](unsafeUninitializedCapacity: area * stored) { buffer, count in
      succeeded = png_image_finish_read(&png, nil, buffer.baseAddress, png_int_32(chunks.width * stored), nil) != 0
      count = succeeded ? area * stored : 0
    }
    guard succeeded else { throw failure(png, chunks, bytes.count) }

    var notes: [String] = []
    if chunks.bitDepth == 16 { notes.append("16 bits a channel reduced to 8") }
    if let gamma = chunks.foreignGamma { notes.append("gamma \(gamma) converted to sRGB") }
    if chunks.isAnimated { notes.append("only the first picture of an animation was read") }
    if chunks.endsEarly { notes.append("the file ends after the last pixel, without its end mark") }
    if cpng_warned(&png) != 0 { notes.append("libpng: \(message(png))") }
    let pixels: [UInt8]
    if hasAlpha {
      let (blended, isOpaque) = blendOnBlack(values, channels: channels)
      pixels = blended
      if !isOpaque { notes.append("alpha blended on black") }
    } else {
      pixels = values
    }
    let image = Image(height: chunks.height, width: chunks.width, channels: channels, pixels: pixels)
    return DecodedImage(image: image, format: .png, notes: notes)
  }

  /// Encodes a picture as 8-bit gray or RGB.
  ///
  /// Equal pictures give equal bytes, as long as libpng and zlib stay the same.
  /// - Throws: `ImagingError.notEncoded`.
  public static func encode(_ image: Image) throws -> [UInt8] {
    var png = png_image()
    png.version = png_uint_32(PNG_IMAGE_VERSION)
    png.width = png_uint_32(image.width)
    png.height = png_uint_32(image.height)
    png.format = png_uint_32(image.channels == 1 ? 0 : PNG_FORMAT_FLAG_COLOR)
    defer { png_image_free(&png) }
    var succeeded = false
    let bytes = [UInt8](unsafeUninitializedCapacity: cpng_largest_file_size(&png)) { buffer, count in
      var size = png_alloc_size_t(buffer.count)
      succeeded =
        png_image_write_to_memory(
          &png, buffer.baseAddress, &size, 0, image.pixels, png_int_32(image.width * image.channels), nil) != 0
      count = succeeded ? Int(size) : 0
    }
    guard succeeded else { throw ImagingError.notEncoded(.png, reason: message(png)) }
    return bytes
  }

  /// Turns libpng's words into an error; a file whose last chunk is missing is named as truncated.
  private static func failure(_ png: png_image, _ chunks: PNGChunks, _ count: Int) -> ImagingError {
    if chunks.endsEarly { return .truncated(.png, detail: "it ends after \(count) bytes, before the picture does") }
    return .damaged(.png, reason: message(png))
  }

  /// What libpng said last.
  private static func message(_ png: png_image) -> String {
    var png = png
    return String(cString: cpng_message(&png))
  }

  /// Removes the alpha that follows each pixel's channels; true when no pixel was transparent.
  private static func blendOnBlack(_ values: [UInt8], channels: Int) -> (pixels: [UInt8], isOpaque: Bool) {
    let area = values.count / (channels + 1)
    var isOpaque = true
    let pixels = [UInt8](unsafeUninitializedCapacity: area * channels) { pixels, count in
      for pixel in 0..<area {
        let source = pixel * (channels + 1)
        let alpha = UInt32(values[source + channels])
        isOpaque = isOpaque && alpha == 255
        for channel in 0..<channels {
          pixels[pixel * channels + channel] = UInt8((UInt32(values[source + channel]) * alpha + 127) / 255)
        }
      }
      count = area * channels
    }
    return (pixels, isOpaque)
  }
}
