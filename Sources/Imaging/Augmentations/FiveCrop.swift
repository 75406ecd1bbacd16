internal import Randomness

/// Cuts out one of the four corners or the middle.
///
/// What is drawn is one of the five; `all(for:)` lists them, for copies of all kinds or for averaging a prediction.
/// Source: Krizhevsky et al., "ImageNet classification with deep convolutional neural networks" (2012).
public struct FiveCrop: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "five-crop"
  /// What it does.
  public static let summary = "cuts out a corner or the middle"

  /// The sides of the part as a share of the picture's.
  public var fraction: Double
  /// Whether the part is resized to the picture's size.
  public var keepsSize: Bool
  /// How it is resized.
  public var filter: ResamplingFilter

  /// Creates the augmentation.
  public init(fraction: Double = 0.9, keepsSize: Bool = true, filter: ResamplingFilter = .bilinear) {
    precondition((0.01...1).contains(fraction), "A part is 0.01 to 1 of the whole")
    self.fraction = fraction
    self.keepsSize = keepsSize
    self.filter = filter
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "fraction", "keepsSize", "filter"])
    let standard = FiveCrop()
    self.init(
      fraction: try container.number("fraction", default: standard.fraction, in: 0.01...1),
      keepsSize: try container.value("keepsSize", default: standard.keepsSize),
      filter: try container.choice("filter", default: standard.filter))
  }

  /// The five parts: upper left, upper right, lower left, lower right, middle.
  public func all(for shape: ImageShape) -> [[Operation]] {
    let height = max(1, Int((Double(shape.height) * fraction).rounded()))
    let width = max(1, Int((Double(shape.width) * fraction).rounded()))
    let (bottom, right) = (shape.height - height, shape.width - width)
    return [(0, 0), (0, right), (bottom, 0), (bottom, right), (bottom / 2, right / 2)].map { top, left in
      CropPlace(top: top, left: left, height: height, width: width)
        .operations(for: shape, keepsSize: keepsSize, filter: filter)
    }
  }

  /// Draws one of the five.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    all(for: shape)[Int(generator.uniform() * 5)]
  }
}

/// Cuts out one of the four corners or the middle, mirrored or not.
public struct TenCrop: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "ten-crop"
  /// What it does.
  public static let summary = "cuts out a corner or the middle, mirrored or not"

  /// The five parts that are mirrored.
  public var parts: FiveCrop

  /// Creates the augmentation.
  public init(fraction: Double = 0.9, keepsSize: Bool = true, filter: ResamplingFilter = .bilinear) {
    parts = FiveCrop(fraction: fraction, keepsSize: keepsSize, filter: filter)
  }

  /// Reads the settings, which are those of `FiveCrop`.
  public init(from decoder: any Decoder) throws {
    parts = try FiveCrop(from: decoder)
  }

  /// Writes the settings.
  public func encode(to encoder: any Encoder) throws {
    try parts.encode(to: encoder)
  }

  /// The ten parts: those of `FiveCrop`, then the same mirrored.
  public func all(for shape: ImageShape) -> [[Operation]] {
    let five = parts.all(for: shape)
    return five + five.map { $0 + [.flip] }
  }

  /// Draws one of the ten.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    all(for: shape)[Int(generator.uniform() * 10)]
  }
}
