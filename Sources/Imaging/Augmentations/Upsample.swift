/// Resizes every picture to the same square; nothing is left to chance.
public struct Upsample: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "upsample"
  /// What it does.
  public static let summary = "resizes to a square, without chance"

  /// Rows and columns of the result; a picture that is not square is stretched.
  public var size: Int
  /// How the values are spread.
  public var filter: ResamplingFilter

  /// Creates the augmentation.
  public init(size: Int = 128, filter: ResamplingFilter = .bilinear) {
    precondition((1...Self.largestSize).contains(size), "A picture is upsampled to 1 to \(Self.largestSize) pixels")
    self.size = size
    self.filter = filter
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "size", "filter"])
    let standard = Upsample()
    let size = try container.value("size", default: standard.size)
    guard (1...Self.largestSize).contains(size) else {
      throw DecodingError.dataCorruptedError(
        forKey: NameKey("size"), in: container, debugDescription: "'size' is \(size), not 1 to \(Self.largestSize)")
    }
    self.init(size: size, filter: try container.choice("filter", default: standard.filter))
  }

  /// The one operation, or none for a picture of that size.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    if shape.height == size, shape.width == size { return [] }
    return [.resize(height: size, width: size, filter: filter)]
  }

  private static let largestSize = 4096
}
