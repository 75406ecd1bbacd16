/// The largest pictures that are decoded.
///
/// A header of a few bytes can claim any size; past these limits a file is refused before memory is taken for it.
public enum ImageLimits {
  /// Most rows and most columns: what JPEG allows at most.
  public static let largestSide = 65_500
  /// Most pixels.
  public static let largestArea = 400_000_000

  /// Throws unless a picture of `width` x `height` pixels may be decoded.
  static func check(_ format: ImageFormat, width: Int, height: Int) throws(ImagingError) {
    guard width > 0, height > 0 else {
      throw .damaged(format, reason: "its size is \(width) x \(height) pixels")
    }
    guard width <= largestSide, height <= largestSide, width * height <= largestArea else {
      throw .tooLarge(format, width: width, height: height)
    }
  }
}
