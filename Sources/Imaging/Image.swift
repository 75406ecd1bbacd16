/// An 8-bit picture: rows from top to bottom, pixels from left to right, channels interleaved.
public struct Image: Sendable, Hashable {
  /// Number of rows.
  public let height: Int
  /// Number of columns.
  public let width: Int
  /// 1 (gray) or 3 (red, green, blue).
  public let channels: Int
  /// `height * width * channels` values from 0 to 255, index `(y * width + x) * channels + c`.
  public var pixels: [UInt8]

  /// Creates a picture from its pixel values.
  public init(height: Int, width: Int, channels: Int = 1, pixels: [UInt8]) {
    precondition(height > 0 && width > 0, "An image has at least one row and one column")
    precondition(channels == 1 || channels == 3, "An image has 1 or 3 channels")
    precondition(pixels.count == height * width * channels, "Pixel count must be height x width x channels")
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }

  /// Creates a picture in which every channel of every pixel has the same value.
  public init(height: Int, width: Int, channels: Int = 1, filledWith value: UInt8) {
    self.init(
      height: height, width: width, channels: channels,
      pixels: [UInt8](repeating: value, count: height * width * channels))
  }

  /// The value of channel `c` of the pixel in row `y` and column `x`.
  public subscript(y: Int, x: Int, c: Int = 0) -> UInt8 {
    get { pixels[(y * width + x) * channels + c] }
    set { pixels[(y * width + x) * channels + c] = newValue }
  }
}
