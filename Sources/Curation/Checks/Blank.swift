/// Finds pictures of which every pixel has the same value: nothing can be seen or learned there.
public struct Blank: PictureCheck {
  /// The name used in recipes and reports.
  public static let name = "blank"
  /// What it finds.
  public static let summary = "pictures of a single gray value"

  /// Pictures are blank or not: any score below 1 is flagged.
  public let threshold = 1.0

  /// Creates the check.
  public init() {}

  /// 0 for a blank picture, 1 for any other.
  public func score(of picture: PictureStatistics) -> Double { picture.isBlank ? 0 : 1 }

  /// Names the value.
  public func detail(of picture: PictureStatistics) -> String {
    "every pixel is \(picture.range.lowerBound)"
  }
}
