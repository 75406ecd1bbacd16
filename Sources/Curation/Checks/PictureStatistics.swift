public import Imaging

/// The numbers about one picture that the checks judge it by, computed once for all of them.
///
/// Colour pictures are judged by their luma.
public struct PictureStatistics: Sendable, Hashable {
  /// The mean level, 0 to 255.
  public var mean: Double
  /// The standard deviation of the levels.
  public var standardDeviation: Double
  /// The darkest and the brightest level.
  public var range: ClosedRange<UInt8>
  /// The level that 5 % of the pixels lie below.
  public var percentile5: Double
  /// The level that 99 % of the pixels lie below.
  public var percentile99: Double
  /// The entropy of the levels in bits, 0 to 8.
  public var entropy: Double
  /// The variance of the Laplacian divided by the variance of the levels: sharpness that does not depend on contrast.
  ///
  /// 0 for a picture of one level; about 20 for white noise.
  public var sharpness: Double
  /// The deviation of the edges (`Image.edgeDeviation`).
  public var edgeDeviation: Double
  /// The standard deviation of the 256 counts of the histogram: large where few levels hold most pixels.
  public var histogramDeviation: Double
  /// The share of pixels in areas without noise (`Image.flatShare`).
  public var flatShare: Double
  /// The share of the picture in rows and columns of one level at its sides.
  public var borderShare: Double

  /// Measures a picture.
  public init(of image: Image) {
    let gray = image.convertedToGray()
    let histogram = gray.histogram
    mean = histogram.mean
    standardDeviation = histogram.standardDeviation
    range = histogram.range
    percentile5 = histogram.percentile(5)
    percentile99 = histogram.percentile(99)
    entropy = histogram.entropy
    let variance = standardDeviation * standardDeviation
    sharpness = variance > 0 ? gray.laplacianVariance / variance : 0
    edgeDeviation = gray.edgeDeviation
    let meanCount = Double(histogram.total) / 256
    histogramDeviation =
      (histogram.counts.reduce(0) { $0 + (Double($1) - meanCount) * (Double($1) - meanCount) } / 256).squareRoot()
    flatShare = gray.flatShare
    let border = gray.borderLines
    let inside = max(0, gray.height - border.top - border.bottom) * max(0, gray.width - border.left - border.right)
    borderShare = 1 - Double(inside) / Double(gray.height * gray.width)
  }

  /// Whether every pixel of `image` has the same value in every channel.
  static func isBlank(_ image: Image) -> Bool {
    image.pixels.indices.dropFirst(image.channels).allSatisfy {
      image.pixels[$0] == image.pixels[$0 - image.channels]
    }
  }

  /// True when every pixel has the same level.
  public var isBlank: Bool { range.lowerBound == range.upperBound }
}
