#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds pictures without sharp edges.
///
/// The score is 1 - exp(-e / 100), where e is the deviation of the picture's edges. A picture whose levels crowd on few
/// values, such as a drawing, has few edges without being blurred: 1 - exp(-h / 100) is added for the deviation h of its
/// histogram's counts where that is above 0.18. Blank pictures are left to `Blank`.
/// Measure and threshold are those of CleanVision 0.3.7, so that results can be compared; they fit pictures of up to 64
/// pixels, and larger ones are reduced to that.
public struct Blurry: PictureCheck {
  /// The name used in recipes and reports.
  public static let name = "blurry"
  /// What it finds.
  public static let summary = "pictures without sharp edges"

  /// Pictures that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.29) }

  /// Creates the check with a threshold of its own, 0 to 1.
  public init(threshold: Double) { self.threshold = threshold }

  /// How sharp the picture is.
  public func score(of picture: PictureStatistics) -> Double {
    if picture.isBlank { return 1 }
    let crowding = 1 - exp(-picture.histogramDeviation / 100)
    return min(1, 1 - exp(-picture.edgeDeviation / 100) + (crowding > 0.18 ? crowding : 0))
  }

  /// Names the deviation of the edges.
  public func detail(of picture: PictureStatistics) -> String {
    "the edges deviate by \(oneDecimal(picture.edgeDeviation)) levels; "
      + "\(oneDecimal(-100 * log(1 - threshold))) or more are expected"
  }
}

/// A number with one digit after the point.
func oneDecimal(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
