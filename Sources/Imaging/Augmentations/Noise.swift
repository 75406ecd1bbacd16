internal import Randomness

/// Adds normally distributed noise of a drawn strength.
public struct Noise: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "noise"
  /// What it does.
  public static let summary = "adds Gaussian noise"

  /// Standard deviations in levels, drawn to 0.01.
  public var sigmaRange: ClosedRange<Double>

  /// Creates the augmentation.
  public init(sigmaRange: ClosedRange<Double> = 0...8) {
    precondition(sigmaRange.lowerBound >= 0 && sigmaRange.upperBound <= 255, "A standard deviation is 0 to 255 levels")
    self.sigmaRange = sigmaRange
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "sigmaRange"])
    self.init(sigmaRange: try container.range("sigmaRange", default: Noise().sigmaRange, in: 0...255))
  }

  /// Draws a strength and the seed of the noise.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let sigma = generator.uniform(in: sigmaRange).rounded(decimals: 2)
    // 53 bits: JSON readers that keep numbers as doubles must not change the seed.
    let seed = generator.next() >> 11
    return sigma == 0 ? [] : [.gaussianNoise(sigma: sigma, seed: seed)]
  }
}
