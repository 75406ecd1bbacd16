internal import Randomness

/// Turns about the centre by an angle of a range.
public struct Rotate: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "rotate"
  /// What it does.
  public static let summary = "turns about the centre"

  /// The angles in degrees, counter-clockwise, all equally likely; drawn to 0.01.
  public var degreesRange: ClosedRange<Double>
  /// What the corners are filled with.
  public var border: BorderPolicy
  /// How values between pixels are found.
  public var filter: Interpolation

  /// Creates the augmentation.
  public init(
    degreesRange: ClosedRange<Double> = -15...15, border: BorderPolicy = .reflect, filter: Interpolation = .bilinear
  ) {
    precondition(degreesRange.lowerBound.isFinite && degreesRange.upperBound.isFinite, "Angles are finite numbers")
    self.degreesRange = degreesRange
    self.border = border
    self.filter = filter
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "degreesRange", "border", "filter"])
    let standard = Rotate()
    self.init(
      degreesRange: try container.range("degreesRange", default: standard.degreesRange, in: -360...360),
      border: try container.value("border", default: standard.border),
      filter: try container.choice("filter", default: standard.filter))
  }

  /// Draws an angle.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let degrees = generator.uniform(in: degreesRange).rounded(decimals: 2)
    return degrees == 0 ? [] : [.rotate(degrees: degrees, border: border, filter: filter)]
  }
}
