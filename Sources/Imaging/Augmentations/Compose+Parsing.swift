#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

// The short form of a list of augmentations, for command lines: what is varied, and by how much.

extension Compose {
  /// Reads a list such as `flip,rotate=10,jitter,upsample=128`.
  ///
  /// Names are those of `Augmentations.all`. The number after `=` is how far the augmentation may go: degrees, a share,
  /// levels, pixels or a probability; without it the augmentation has its defaults. Only a recipe can say more.
  /// - Throws: `ImagingError.unknownName`, `.invalidOperation`.
  public init(parsing text: String) throws {
    self.init(
      try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = sides[0].trimmingSpaces()
        let type = try Augmentations.named(name)
        guard sides.count == 2 else { return try type.withDefaults() }
        guard let number = Double(sides[1].trimmingSpaces()), number.isFinite else {
          throw ImagingError.invalidOperation(name, reason: "'\(sides[1])' is no number")
        }
        return try Self.step(name, number)
      })
  }

  /// The augmentation of a name that goes as far as `number` says.
  private static func step(_ name: String, _ number: Double) throws -> any Augmentation {
    func within(_ range: ClosedRange<Double>) throws -> Double {
      guard range.contains(number) else {
        throw ImagingError.invalidOperation(
          name, reason: "\(number) is not between \(range.lowerBound) and \(range.upperBound)")
      }
      return number
    }
    switch name {
    case Flip.name: return Flip(probability: try within(0...1))
    case Rotate.name: return Rotate(degreesRange: -(try within(0...180))...number)
    case Translate.name: return Translate(fractionRange: -(try within(0...1))...number)
    case Zoom.name: return Zoom(factorRange: max(0.1, 1 - (try within(0...0.9)))...(1 + number))
    case Affine.name:
      // One number for both: degrees, and as many percent of zoom.
      return Affine(degreesRange: -(try within(0...60))...number, factorRange: (1 - number / 100)...(1 + number / 100))
    case Shear.name: return Shear(degreesRange: -(try within(0...60))...number)
    case RandomCrop.name: return RandomCrop(fractionRange: (try within(0.01...1))...1)
    case FiveCrop.name: return FiveCrop(fraction: try within(0.01...1))
    case TenCrop.name: return TenCrop(fraction: try within(0.01...1))
    case Upsample.name: return Upsample(size: Int(try within(1...4096)))
    case Jitter.name:
      // One number for all three: a share of the levels, of the contrast and of the exponent.
      let share = try within(0...0.9)
      // 1 - 0.9 is a little less than 0.1.
      let factors = max(0.1, 1 - share)...1 + share
      return Jitter(brightnessRange: -255 * share...255 * share, contrastRange: factors, gammaRange: factors)
    case Equalize.name: return Equalize(probability: try within(0...1))
    case LocalEqualize.name: return LocalEqualize(probability: 1, clipLimitRange: (try within(0.01...256))...number)
    case Blur.name: return Blur(sigmaRange: 0...(try within(0...20)))
    case Noise.name: return Noise(sigmaRange: 0...(try within(0...255)))
    case Erase.name: return Erase(probability: try within(0...1))
    default: throw ImagingError.invalidOperation(name, reason: "it takes no number")
    }
  }
}

extension Augmentation {
  /// What a recipe makes of the name alone.
  fileprivate static func withDefaults() throws -> Self {
    try JSONDecoder().decode(Self.self, from: Data("{}".utf8))
  }
}

extension Substring {
  fileprivate func trimmingSpaces() -> String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
