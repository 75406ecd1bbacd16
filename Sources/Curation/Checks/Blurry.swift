/// Finds pictures without sharp edges.
///
/// Sharpness is the variance of the Laplacian divided by the variance of the gray values, so that a picture of low
/// contrast is not taken for a blurred one. Blank pictures are left to `Blank`. The threshold fits faces of about 48
/// pixels; larger pictures of the same scene have smoother edges from pixel to pixel.
public struct Blurry: PictureCheck {
  /// The name used in recipes and reports.
  public static let name = "blurry"
  /// What it finds.
  public static let summary = "pictures without sharp edges"

  /// Pictures that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.1) }

  /// Creates the check with a threshold of its own, 0 to 1.
  public init(threshold: Double) { self.threshold = threshold }

  /// The sharpness, at most 1.
  public func score(of picture: PictureStatistics) -> Double { picture.isBlank ? 1 : min(1, picture.sharpness) }

  /// Names the sharpness.
  public func detail(of picture: PictureStatistics) -> String {
    "edges carry \(oneDecimal(picture.sharpness * 100)) % of the contrast; \(oneDecimal(threshold * 100)) % is expected"
  }
}

/// A number with one digit after the point.
func oneDecimal(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
