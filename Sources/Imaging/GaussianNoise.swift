internal import Randomness

extension Image {
  /// The picture with normally distributed noise added to every value, independently.
  ///
  /// - Parameters:
  ///   - sigma: the standard deviation in levels, before values are rounded and cut to 0 ... 255.
  ///   - seed: decides the noise whole: the same seed gives the same picture.
  public func withGaussianNoise(sigma: Double, seed: UInt64) -> Image {
    precondition(sigma.isFinite && sigma >= 0, "A standard deviation is zero or more")
    var generator = SeededGenerator(seed: seed, "gaussian-noise")
    var result = self
    for index in result.pixels.indices {
      result.pixels[index] = Image.level(Double(pixels[index]) + sigma * generator.normal())
    }
    return result
  }
}
