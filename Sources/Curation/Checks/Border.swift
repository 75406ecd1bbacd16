/// Finds pictures with bars, frames or padding: rows and columns of one level at their sides.
///
/// The score is the share of the picture that is left without them. Blank pictures are left to `Blank`.
public struct Border: PictureCheck {
  /// The name used in recipes and reports.
  public static let name = "border"
  /// What it finds.
  public static let summary = "bars, frames and padding at the sides"

  /// Pictures that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.8) }

  /// Creates the check with a threshold of its own, 0 to 1.
  public init(threshold: Double) { self.threshold = threshold }

  /// The share of the picture inside the border.
  public func score(of picture: PictureStatistics) -> Double { picture.isBlank ? 1 : 1 - picture.borderShare }

  /// Names the share.
  public func detail(of picture: PictureStatistics) -> String {
    "\(oneDecimal(picture.borderShare * 100)) % of the picture are rows and columns of one level at its sides"
  }
}
