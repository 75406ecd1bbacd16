internal import Randomness

/// Moves by a share of the picture's size, in whole pixels.
public struct Translate: Augmentation, Hashable {
  /// The name used in recipes.
  public static let name = "translate"
  /// What it does.
  public static let summary = "moves by whole pixels"

  /// The shares of the width and of the height, drawn one by one; negative is left and up.
  public var fractionRange: ClosedRange<Double>
  /// What the picture is thought to continue with.
  public var border: BorderPolicy

  /// Creates the augmentation.
  public init(fractionRange: ClosedRange<Double> = -0.1...0.1, border: BorderPolicy = .reflect) {
    precondition(fractionRange.lowerBound >= -1 && fractionRange.upperBound <= 1, "A picture moves by its size at most")
    self.fractionRange = fractionRange
    self.border = border
  }

  /// Reads the settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    try container.checkNames(["name", "fractionRange", "border"])
    let standard = Translate()
    self.init(
      fractionRange: try container.range("fractionRange", default: standard.fractionRange, in: -1...1),
      border: try container.value("border", default: standard.border))
  }

  /// Draws a move.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    let x = Int((generator.uniform(in: fractionRange) * Double(shape.width)).rounded())
    let y = Int((generator.uniform(in: fractionRange) * Double(shape.height)).rounded())
    return x == 0 && y == 0 ? [] : [.translate(x: x, y: y, border: border)]
  }
}
