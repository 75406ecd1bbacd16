/// Finds pictures whose darkest parts are bright.
///
/// The score is the distance of the 5th percentile of brightness from white; blank pictures are left to `Blank`.
/// Measure and threshold are those of CleanVision 0.3.7, so that results can be compared.
public struct Bright: PictureCheck {
  /// The name used in recipes and reports.
  public static let name = "bright"
  /// What it finds.
  public static let summary = "pictures whose darkest parts are bright"

  /// Pictures that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.05) }

  /// Creates the check with a threshold of its own, 0 to 1.
  public init(threshold: Double) { self.threshold = threshold }

  /// 1 - the 5th percentile of the levels, divided by 255.
  public func score(of picture: PictureStatistics) -> Double { picture.isBlank ? 1 : 1 - picture.percentile5 / 255 }

  /// Names the level.
  public func detail(of picture: PictureStatistics) -> String {
    "95 % of the pixels are at \(Int(picture.percentile5.rounded())) or above"
  }
}
