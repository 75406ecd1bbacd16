internal import Randomness

/// Enlarges or shrinks about the centre in a frame of the same size.
public struct Zoom: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "zoom"
  /// What it does.
  public static let summary = "enlarges or shrinks about the centre"

  /// The factors, above 1 to enlarge; drawn to 0.001.
  public var factorRange: ClosedRange<Double>
  /// What the picture is thought to continue with when it shrinks.
  public var border: BorderPolicy
  /// How values between pixels are found.
  public var filter: Interpolation

  /// Creates the augmentation.
  public init(
    factorRange: ClosedRange<Double> = 0.9...1.1, border: BorderPolicy = .reflect, filter: Interpolation = .bilinear
  ) {
    precondition(factorRange.lowerBound >= 0.1 && factorRange.upperBound <= 10, "A zoom factor is 0.1 to 10")
    self.factorRange = factorRange
    self.border = border
    self.filter = filter
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "factorRange", "border", "filter"])
    let standard = Zoom()
    self.init(
      factorRange: try container.range("factorRange", default: standard.factorRange, in: 0.1...10),
      border: try container.value("border", default: standard.border),
      filter: try container.choice("filter", default: standard.filter))
  }

  /// Draws a factor.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let factor = generator.uniform(in: factorRange).rounded(decimals: 3)
    return factor == 1 ? [] : [.zoom(factor: factor, border: border, filter: filter)]
  }
}
