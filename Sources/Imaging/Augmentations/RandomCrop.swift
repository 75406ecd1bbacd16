internal import Randomness

/// Cuts out a part of the picture at a random place, and enlarges it to the picture's size again.
public struct RandomCrop: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "random-crop"
  /// What it does.
  public static let summary = "cuts out a part at a random place"

  /// The sides of the part as a share of the picture's; one number for both, so that faces are not stretched.
  public var fractionRange: ClosedRange<Double>
  /// Whether the part is resized to the picture's size.
  public var keepsSize: Bool
  /// How it is resized.
  public var filter: ResamplingFilter

  /// Creates the augmentation.
  public init(
    fractionRange: ClosedRange<Double> = 0.85...1, keepsSize: Bool = true, filter: ResamplingFilter = .bilinear
  ) {
    precondition(fractionRange.lowerBound >= 0.01 && fractionRange.upperBound <= 1, "A part is 0.01 to 1 of the whole")
    self.fractionRange = fractionRange
    self.keepsSize = keepsSize
    self.filter = filter
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "fractionRange", "keepsSize", "filter"])
    let standard = RandomCrop()
    self.init(
      fractionRange: try container.range("fractionRange", default: standard.fractionRange, in: 0.01...1),
      keepsSize: try container.value("keepsSize", default: standard.keepsSize),
      filter: try container.choice("filter", default: standard.filter))
  }

  /// Draws a size and a place.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let fraction = generator.uniform(in: fractionRange)
    let height = max(1, Int((Double(shape.height) * fraction).rounded()))
    let width = max(1, Int((Double(shape.width) * fraction).rounded()))
    let top = Int(generator.uniform() * Double(shape.height - height + 1))
    let left = Int(generator.uniform() * Double(shape.width - width + 1))
    return CropPlace(top: top, left: left, height: height, width: width)
      .operations(for: shape, keepsSize: keepsSize, filter: filter)
  }
}

/// A part of a picture.
struct CropPlace {
  var top: Int
  var left: Int
  var height: Int
  var width: Int

  /// Cuts the part out and, if asked to, brings it to the size of the whole; nothing for the whole itself.
  func operations(for shape: ImageShape, keepsSize: Bool, filter: ResamplingFilter) -> [Operation] {
    if height == shape.height, width == shape.width { return [] }
    let crop = Operation.crop(top: top, left: left, height: height, width: width)
    return keepsSize ? [crop, .resize(height: shape.height, width: shape.width, filter: filter)] : [crop]
  }
}
