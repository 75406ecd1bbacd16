internal import Randomness

/// Mirrors left and right with some probability.
public struct Flip: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "flip"
  /// What it does.
  public static let summary = "mirrors left and right"

  /// How often pictures are mirrored, from 0 (never) to 1 (always).
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
    self.init(probability: try container.number("probability", default: Flip().probability, in: 0...1))
  }

  /// Draws whether to mirror.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    generator.chance(probability) ? [.flip] : []
  }
}
