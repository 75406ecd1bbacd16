public import Imaging
import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Draws faces with known expressions: a dataset whose truth is known, for tests, demonstrations and benchmarks.
///
/// The faces are simple paintings of 48 x 48 gray pixels, moved by the action units of the Facial Action Coding System.
/// They vary in person, pose, light, sharpness and noise, and weak expressions of different classes look alike.
public enum SyntheticFaces {
  /// The intensities that faces are drawn with: 1 is the full expression.
  public static let intensityRange = 0.45...1.0

  /// Draws one face.
  ///
  /// - Parameters:
  ///   - expression: what the face shows.
  ///   - intensity: how strongly, 0 to 1; neutral faces ignore it.
  ///   - identity: whose face it is.
  ///   - generator: decides how the person shows the expression, and pose, light and camera.
  /// - Returns: a gray picture of 48 x 48 pixels.
  public static func image(
    expression: FaceExpression, intensity: Double, identity: FaceIdentity,
    using generator: inout some RandomNumberGenerator
  ) -> Image {
    precondition((0...1).contains(intensity), "The intensity of an expression is between 0 and 1")
    let actions = FaceActions.showing(expression, intensity: intensity, using: &generator)
    let view = FaceView(using: &generator)
    var painter = FacePainter(identity: identity, actions: actions, view: view)
    painter.paint(using: &generator)
    return photograph(painter.canvas.reduced(), view: view, using: &generator)
  }

  /// Gain, blur and noise of the camera, then 64 gray levels: cheap cameras give no more, and the files stay small.
  private static func photograph(
    _ values: [Float], view: FaceView, using generator: inout some RandomNumberGenerator
  ) -> Image {
    let side = FaceCanvas.side
    let blurred = blur(values, side: side, sigma: Float(view.blur))
    let pixels = blurred.map { value -> UInt8 in
      let exposed = (Double(value) * view.gain + view.lift) * 255 + generator.normal() * view.noise
      return UInt8(min(255, max(0, (exposed / 4).rounded() * 4)))
    }
    return Image(height: side, width: side, pixels: pixels)
  }

  private static func blur(_ values: [Float], side: Int, sigma: Float) -> [Float] {
    let radius = 3
    let weights = (-radius...radius).map { exp(-Float($0 * $0) / (2 * sigma * sigma)) }
    let total = weights.reduce(0, +)
    func pass(_ source: [Float], step: Int, across: Int) -> [Float] {
      var result = source
      for line in 0..<side {
        for place in 0..<side {
          var sum: Float = 0
          for offset in -radius...radius {
            let clamped = min(side - 1, max(0, place + offset))
            sum += weights[offset + radius] * source[line * across + clamped * step]
          }
          result[line * across + place * step] = sum / total
        }
      }
      return result
    }
    return pass(pass(values, step: 1, across: side), step: side, across: 1)
  }
}
