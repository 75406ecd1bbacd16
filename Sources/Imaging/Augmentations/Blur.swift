internal import Randomness

/// Blurs by a Gaussian of a drawn width, as a picture out of focus.
public struct Blur: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "blur"
  /// What it does.
  public static let summary = "blurs a little"

  /// Standard deviations in pixels, drawn to 0.01.
  public var sigmaRange: ClosedRange<Double>

  /// Creates the augmentation.
  public init(sigmaRange: ClosedRange<Double> = 0...1) {
    precondition(sigmaRange.lowerBound >= 0 && sigmaRange.upperBound <= 20, "A standard deviation is 0 to 20 pixels")
    self.sigmaRange = sigmaRange
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "sigmaRange"])
    self.init(sigmaRange: try container.range("sigmaRange", default: Blur().sigmaRange, in: 0...20))
  }

  /// Draws a width; one that no pixel would notice is none.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let sigma = generator.uniform(in: sigmaRange).rounded(decimals: 2)
    return sigma < 0.2 ? [] : [.blur(sigma: sigma)]
  }
}
