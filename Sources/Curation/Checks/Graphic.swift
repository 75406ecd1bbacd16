/// Finds text, drawings and placeholders by their flat areas.
///
/// The score is the share of pixels that differ from a neighbour: a photograph has noise nearly everywhere. Blank pictures
/// are left to `Blank`.
public struct Graphic: PictureCheck {
  /// The name used in recipes and reports.
  public static let name = "graphic"
  /// What it finds.
  public static let summary = "text, drawings and placeholders: large areas without any noise"

  /// Pictures that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.55) }

  /// Creates the check with a threshold of its own, 0 to 1.
  public init(threshold: Double) { self.threshold = threshold }

  /// The share of pixels that are not flat.
  public func score(of picture: PictureStatistics) -> Double { picture.isBlank ? 1 : 1 - picture.flatShare }

  /// Names the share.
  public func detail(of picture: PictureStatistics) -> String {
    "\(oneDecimal(picture.flatShare * 100)) % of the pixels lie in areas without noise"
  }
}
