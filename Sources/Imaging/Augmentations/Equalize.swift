internal import Randomness

/// Spreads the levels evenly, with some probability.
public struct Equalize: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "equalize"
  /// What it does.
  public static let summary = "spreads the levels evenly"

  /// How often, from 0 (never) to 1 (always).
  public var probability: Double

  /// Creates the augmentation.
  public init(probability: Double = 0.5) {
    precondition((0...1).contains(probability), "A probability is 0 to 1")
    self.probability = probability
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "probability"])
    self.init(probability: try container.number("probability", default: Equalize().probability, in: 0...1))
  }

  /// Draws whether to.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    generator.chance(probability) ? [.equalize] : []
  }
}

/// Spreads the levels evenly part by part, with some probability and a drawn limit of contrast.
public struct LocalEqualize: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "clahe"
  /// What it does.
  public static let summary = "spreads the levels evenly part by part (CLAHE)"

  /// How often, from 0 (never) to 1 (always).
  public var probability: Double
  /// How many times the mean a level may be counted, drawn to 0.01.
  public var clipLimitRange: ClosedRange<Double>
  /// Parts in each direction.
  public var tiles: Int

  /// Creates the augmentation.
  public init(probability: Double = 0.5, clipLimitRange: ClosedRange<Double> = 1...4, tiles: Int = 4) {
    precondition((0...1).contains(probability), "A probability is 0 to 1")
    precondition(clipLimitRange.lowerBound > 0 && clipLimitRange.upperBound <= 256, "A clip limit is up to 256")
    precondition((1...64).contains(tiles), "A picture has 1 to 64 tiles in each direction")
    self.probability = probability
    self.clipLimitRange = clipLimitRange
    self.tiles = tiles
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "probability", "clipLimitRange", "tiles"])
    let standard = LocalEqualize()
    self.init(
      probability: try container.number("probability", default: standard.probability, in: 0...1),
      clipLimitRange: try container.range("clipLimitRange", default: standard.clipLimitRange, in: 0.01...256),
      tiles: Int(try container.number("tiles", default: Double(standard.tiles), in: 1...64)))
  }

  /// Draws whether to, and the limit.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let isDrawn = generator.chance(probability)
    let limit = generator.uniform(in: clipLimitRange).rounded(decimals: 2)
    return isDrawn ? [.clahe(clipLimit: max(0.01, limit), tiles: tiles)] : []
  }
}

/// Takes away even light from one side; nothing is left to chance.
public struct SubtractPlane: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "subtract-plane"
  /// What it does.
  public static let summary = "takes away even light from one side, as FER+ does"

  /// Creates the augmentation.
  public init() {}

  /// Reads the settings: there are none.
  public init(from decoder: any Decoder) throws {
    try decoder.container(keyedBy: NameKey.self).checkNames(["name"])
  }

  /// Writes the settings: there are none.
  public func encode(to encoder: any Encoder) throws {
    _ = encoder.container(keyedBy: NameKey.self)
  }

  /// The one operation.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    [.subtractPlane]
  }
}
