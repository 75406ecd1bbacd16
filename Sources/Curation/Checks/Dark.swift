/// Finds pictures whose brightest parts are dark.
///
/// The score is the 99th percentile of brightness; blank pictures are left to `Blank`.
/// Measure and threshold are those of CleanVision 0.3.7, so that results can be compared.
public struct Dark: PictureCheck {
  /// The name used in recipes and reports.
  public static let name = "dark"
  /// What it finds.
  public static let summary = "pictures whose brightest parts are dark"

  /// Pictures that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.32) }

  /// Creates the check with a threshold of its own, 0 to 1.
  public init(threshold: Double) { self.threshold = threshold }

  /// The 99th percentile of the levels, divided by 255.
  public func score(of picture: PictureStatistics) -> Double { picture.isBlank ? 1 : picture.percentile99 / 255 }

  /// Names the level.
  public func detail(of picture: PictureStatistics) -> String {
    "99 % of the pixels are at \(Int(picture.percentile99.rounded())) or below"
  }
}
