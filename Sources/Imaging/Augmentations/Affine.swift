internal import Randomness

/// Turns, enlarges or shrinks, and moves, all in one resampling.
///
/// Each resampling blurs a small picture, and `rotate` with `zoom` resamples twice; so this is the one to train on.
public struct Affine: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "affine"
  /// What it does.
  public static let summary = "turns, zooms and moves in one resampling"

  /// The angles in degrees, counter-clockwise, all equally likely; drawn to 0.01.
  public var degreesRange: ClosedRange<Double>
  /// The factors, above 1 to enlarge; drawn to 0.001.
  public var factorRange: ClosedRange<Double>
  /// The shares of the width and of the height that it moves by, in whole pixels, drawn one by one; negative is left and up.
  public var fractionRange: ClosedRange<Double>
  /// What the picture is thought to continue with.
  public var border: BorderPolicy
  /// How values between pixels are found.
  public var filter: Interpolation

  /// Creates the augmentation.
  public init(
    degreesRange: ClosedRange<Double> = -10...10, factorRange: ClosedRange<Double> = 0.9...1.1,
    fractionRange: ClosedRange<Double> = 0...0, border: BorderPolicy = .reflect, filter: Interpolation = .bilinear
  ) {
    precondition(degreesRange.lowerBound.isFinite && degreesRange.upperBound.isFinite, "Angles are finite numbers")
    precondition(factorRange.lowerBound >= 0.1 && factorRange.upperBound <= 10, "A zoom factor is 0.1 to 10")
    precondition(fractionRange.lowerBound >= -1 && fractionRange.upperBound <= 1, "A picture moves by its size at most")
    self.degreesRange = degreesRange
    self.factorRange = factorRange
    self.fractionRange = fractionRange
    self.border = border
    self.filter = filter
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "degreesRange", "factorRange", "fractionRange", "border", "filter"])
    let standard = Affine()
    self.init(
      degreesRange: try container.range("degreesRange", default: standard.degreesRange, in: -360...360),
      factorRange: try container.range("factorRange", default: standard.factorRange, in: 0.1...10),
      fractionRange: try container.range("fractionRange", default: standard.fractionRange, in: -1...1),
      border: try container.value("border", default: standard.border),
      filter: try container.choice("filter", default: standard.filter))
  }

  /// Draws an angle, a factor and a move.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let degrees = generator.uniform(in: degreesRange).rounded(decimals: 2)
    let factor = generator.uniform(in: factorRange).rounded(decimals: 3)
    let x = Int((generator.uniform(in: fractionRange) * Double(shape.width)).rounded())
    let y = Int((generator.uniform(in: fractionRange) * Double(shape.height)).rounded())
    return degrees == 0 && factor == 1 && x == 0 && y == 0
      ? [] : [.affine(degrees: degrees, factor: factor, x: x, y: y, border: border, filter: filter)]
  }
}
