internal import Randomness

/// Changes brightness, contrast and gamma a little, as other light and other cameras would.
public struct Jitter: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "jitter"
  /// What it does.
  public static let summary = "changes brightness, contrast and gamma"

  /// Levels that are added, drawn to 0.1.
  public var brightnessRange: ClosedRange<Double>
  /// Factors on the distance from the mean, drawn to 0.001.
  public var contrastRange: ClosedRange<Double>
  /// Exponents, above 1 to darken, drawn to 0.001.
  public var gammaRange: ClosedRange<Double>

  /// Creates the augmentation.
  public init(
    brightnessRange: ClosedRange<Double> = -25...25, contrastRange: ClosedRange<Double> = 0.8...1.25,
    gammaRange: ClosedRange<Double> = 1...1
  ) {
    precondition(
      brightnessRange.lowerBound >= -255 && brightnessRange.upperBound <= 255, "Brightness changes by -255 to 255")
    precondition(contrastRange.lowerBound >= 0 && contrastRange.upperBound <= 10, "A contrast factor is 0 to 10")
    precondition(gammaRange.lowerBound >= 0.1 && gammaRange.upperBound <= 10, "A gamma is 0.1 to 10")
    self.brightnessRange = brightnessRange
    self.contrastRange = contrastRange
    self.gammaRange = gammaRange
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "brightnessRange", "contrastRange", "gammaRange"])
    let standard = Jitter()
    self.init(
      brightnessRange: try container.range("brightnessRange", default: standard.brightnessRange, in: -255...255),
      contrastRange: try container.range("contrastRange", default: standard.contrastRange, in: 0...10),
      gammaRange: try container.range("gammaRange", default: standard.gammaRange, in: 0.1...10))
  }

  /// Draws the three changes; those that change nothing are left out.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let delta = generator.uniform(in: brightnessRange).rounded(decimals: 1)
    let factor = generator.uniform(in: contrastRange).rounded(decimals: 3)
    let exponent = generator.uniform(in: gammaRange).rounded(decimals: 3)
    var operations: [Operation] = []
    if delta != 0 { operations.append(.brightness(delta: delta)) }
    if factor != 1 { operations.append(.contrast(factor: factor)) }
    if exponent != 1 { operations.append(.gamma(exponent: exponent)) }
    return operations
  }
}
