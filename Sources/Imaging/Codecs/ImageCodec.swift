/// Reads one picture format.
///
/// A codec knows its files by their first bytes, never by their names; it returns gray pictures with 1 channel and
/// colour pictures with 3, and throws `ImagingError` for every file that it cannot decode to the last pixel.
/// To add one: a case of `ImageFormat`, a file in `Codecs/`, a line in `ImageCodecs.all`, and a test with sound,
/// truncated and damaged files.
public protocol ImageCodec: Sendable {
  /// The format that the codec reads.
  static var format: ImageFormat { get }

  /// Whether a file that begins with `prefix` claims to be of this format.
  ///
  /// - Parameter prefix: the first bytes of the file, up to the whole of it; possibly none.
  static func matches(_ prefix: UnsafeRawBufferPointer) -> Bool

  /// Decodes a whole file.
  ///
  /// - Throws: `ImagingError`.
  static func decode(_ bytes: UnsafeRawBufferPointer) throws -> DecodedImage
}

/// The formats that can be read.
public enum ImageCodecs {
  /// Every codec.
  public static let all: [any ImageCodec.Type] = [PNGCodec.self, JPEGCodec.self, PNMCodec.self]

  /// The format that the bytes claim to be in, or nil if it is none of the known ones.
  public static func format(of bytes: UnsafeRawBufferPointer) -> ImageFormat? {
    all.first { $0.matches(bytes) }?.format
  }

  /// Decodes a picture file of any known format, told by its bytes.
  ///
  /// - Throws: `ImagingError.notAPicture`, which says what the bytes look like, or the codec's error.
  public static func decode(_ bytes: UnsafeRawBufferPointer) throws -> DecodedImage {
    guard let codec = all.first(where: { $0.matches(bytes) }) else {
      throw ImagingError.notAPicture(appearance: appearance(of: bytes))
    }
    return try codec.decode(bytes)
  }

  /// Decodes a picture file of any known format, told by its bytes.
  ///
  /// - Throws: `ImagingError.notAPicture`, which says what the bytes look like, or the codec's error.
  public static func decode(_ bytes: [UInt8]) throws -> DecodedImage {
    try bytes.withUnsafeBytes { try decode($0) }
  }
}
