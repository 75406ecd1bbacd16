/// The size of a picture without its pixels.
public struct ImageShape: Sendable, Hashable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int
  /// 1 (gray) or 3 (red, green, blue).
  public var channels: Int

  /// Creates a shape.
  public init(height: Int, width: Int, channels: Int = 1) {
    self.height = height
    self.width = width
    self.channels = channels
  }
}

extension Image {
  /// The picture's size.
  public var shape: ImageShape { ImageShape(height: height, width: width, channels: channels) }
}
