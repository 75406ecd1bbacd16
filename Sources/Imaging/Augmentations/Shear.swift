internal import Randomness

/// Slants about the centre: rows move sideways, and columns up or down, by a share of their distance from it.
public struct Shear: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "shear"
  /// What it does.
  public static let summary = "slants about the centre"

  /// Angles of the slant in degrees, drawn for each direction, to 0.01; within -60 to 60.
  public var degreesRange: ClosedRange<Double>
  /// What the corners are filled with.
  public var border: BorderPolicy
  /// How values between pixels are found.
  public var filter: Interpolation

  /// Creates the augmentation.
  public init(
    degreesRange: ClosedRange<Double> = -8...8, border: BorderPolicy = .reflect, filter: Interpolation = .bilinear
  ) {
    precondition(degreesRange.lowerBound >= -60 && degreesRange.upperBound <= 60, "A slant is -60 to 60 degrees")
    self.degreesRange = degreesRange
    self.border = border
    self.filter = filter
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "degreesRange", "border", "filter"])
    let standard = Shear()
    self.init(
      degreesRange: try container.range("degreesRange", default: standard.degreesRange, in: -60...60),
      border: try container.value("border", default: standard.border),
      filter: try container.choice("filter", default: standard.filter))
  }

  /// Draws the two angles.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let x = generator.uniform(in: degreesRange).rounded(decimals: 2)
    let y = generator.uniform(in: degreesRange).rounded(decimals: 2)
    return x == 0 && y == 0 ? [] : [.shear(x: x, y: y, border: border, filter: filter)]
  }
}
