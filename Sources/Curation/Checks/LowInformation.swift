/// Finds pictures that consist of a few gray values: drawings, text, placeholders.
///
/// The score is a tenth of the entropy of the levels in bits; blank pictures are left to `Blank`.
/// Measure and threshold are those of CleanVision 0.3.7, so that results can be compared.
public struct LowInformation: PictureCheck {
  /// The name used in recipes and reports.
  public static let name = "low-information"
  /// What it finds.
  public static let summary = "pictures of a few gray values: drawings, text, placeholders"

  /// Pictures that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.3) }

  /// Creates the check with a threshold of its own, 0 to 0.8.
  public init(threshold: Double) { self.threshold = threshold }

  /// A tenth of the entropy in bits.
  public func score(of picture: PictureStatistics) -> Double { picture.isBlank ? 1 : picture.entropy / 10 }

  /// Names the entropy.
  public func detail(of picture: PictureStatistics) -> String {
    "the gray values carry \(oneDecimal(picture.entropy)) bits a pixel"
  }
}
