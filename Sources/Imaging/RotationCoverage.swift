#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How much of a picture is left of itself when it is turned in its frame.
public struct RotationCoverage: Sendable, Hashable {
  /// The share of the turned picture that lies beyond the border of the original: what a border policy invents.
  ///
  /// As large a share of the original is turned out of the frame.
  public let invented: Double
  /// How much the turned picture must be enlarged about its centre until nothing is invented.
  public let zoom: Double
  /// The share of the original that this enlargement pushes out of the frame.
  public let lostByCropping: Double

  /// Measures a turn of a picture of a size.
  public init(height: Int, width: Int, degrees: Double) {
    let white = Image(height: height, width: width, filledWith: 255)
    let turned = white.rotated(degrees: degrees, border: .constant(0))
    let sum = turned.pixels.reduce(0) { $0 + Int($1) }
    invented = 1 - Double(sum) / Double(255 * height * width)
    // The corners of the frame, turned back, must lie inside the original.
    let angle = abs(degrees * .pi / 180)
    let (h, w) = (Double(height), Double(width))
    let reach = max(
      (w * abs(cos(angle)) + h * abs(sin(angle))) / w, (w * abs(sin(angle)) + h * abs(cos(angle))) / h)
    zoom = max(1, reach)
    lostByCropping = 1 - 1 / (zoom * zoom)
  }
}
