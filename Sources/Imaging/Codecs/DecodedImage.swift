/// A picture as it came out of a file.
public struct DecodedImage: Sendable, Equatable {
  /// The pixels.
  public var image: Image
  /// The format of the bytes, whatever the file was called.
  public var format: ImageFormat
  /// What was changed or is odd about the file, a phrase each, such as "16 bits a channel reduced to 8".
  public var notes: [String]

  /// Creates a decoded picture.
  public init(image: Image, format: ImageFormat, notes: [String] = []) {
    self.image = image
    self.format = format
    self.notes = notes
  }
}
