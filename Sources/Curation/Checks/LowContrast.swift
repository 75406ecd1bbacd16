/// Finds pictures whose gray values hardly differ.
///
/// The score is the standard deviation of the levels relative to 64, a full half of black and white; blank pictures are
/// left to `Blank`.
public struct LowContrast: PictureCheck {
  /// The name used in recipes and reports.
  public static let name = "low-contrast"
  /// What it finds.
  public static let summary = "pictures whose gray values hardly differ"

  /// Pictures that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.25) }

  /// Creates the check with a threshold of its own, 0 to 1.
  public init(threshold: Double) { self.threshold = threshold }

  /// The standard deviation of the levels divided by 64, at most 1.
  public func score(of picture: PictureStatistics) -> Double {
    picture.isBlank ? 1 : min(1, picture.standardDeviation / 64)
  }

  /// Names the deviation.
  public func detail(of picture: PictureStatistics) -> String {
    "the standard deviation of the gray values is \(oneDecimal(picture.standardDeviation))"
  }
}
