internal import Randomness

/// Paints over a random rectangle, so that no single part of a face is relied on.
///
/// Source: Zhong et al., "Random erasing data augmentation" (2020).
public struct Erase: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "erase"
  /// What it does.
  public static let summary = "paints over a rectangle"

  /// How often, from 0 (never) to 1 (always).
  public var probability: Double
  /// The rectangle's share of the picture's area.
  public var areaRange: ClosedRange<Double>
  /// The rectangle's height divided by its width.
  public var aspectRange: ClosedRange<Double>
  /// The level of the rectangle; nil draws one for each picture.
  public var value: UInt8?

  /// Creates the augmentation.
  public init(
    probability: Double = 0.5, areaRange: ClosedRange<Double> = 0.02...0.2,
    aspectRange: ClosedRange<Double> = 0.3...3.3, value: UInt8? = nil
  ) {
    precondition((0...1).contains(probability), "A probability is 0 to 1")
    precondition(areaRange.lowerBound >= 0 && areaRange.upperBound <= 1, "A share of the area is 0 to 1")
    precondition(aspectRange.lowerBound >= 0.01 && aspectRange.upperBound <= 100, "An aspect ratio is 0.01 to 100")
    self.probability = probability
    self.areaRange = areaRange
    self.aspectRange = aspectRange
    self.value = value
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "probability", "areaRange", "aspectRange", "value"])
    let standard = Erase()
    self.init(
      probability: try container.number("probability", default: standard.probability, in: 0...1),
      areaRange: try container.range("areaRange", default: standard.areaRange, in: 0...1),
      aspectRange: try container.range("aspectRange", default: standard.aspectRange, in: 0.01...100),
      value: try container.decodeIfPresent(UInt8.self, forKey: NameKey("value")))
  }

  /// Draws a rectangle that lies inside the picture; none where ten draws in a row do not fit.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    guard generator.chance(probability) else { return [] }
    for _ in 0..<10 {
      let area = generator.uniform(in: areaRange) * Double(shape.height * shape.width)
      let aspect = generator.uniform(in: aspectRange)
      let height = Int((area * aspect).squareRoot().rounded())
      let width = Int((area / aspect).squareRoot().rounded())
      guard height > 0, width > 0, height <= shape.height, width <= shape.width else { continue }
      let top = Int(generator.uniform() * Double(shape.height - height + 1))
      let left = Int(generator.uniform() * Double(shape.width - width + 1))
      let level = value ?? UInt8(generator.uniform() * 256)
      return [.erase(top: top, left: left, height: height, width: width, value: level)]
    }
    return []
  }
}
