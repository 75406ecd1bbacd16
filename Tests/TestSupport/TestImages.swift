public import Imaging
import Randomness

/// Small pictures that differ by their seed and are the same every time.
public enum TestImages {
  /// A face-like pattern: a bright ellipse on a gradient with dark eyes and mouth, and some noise.
  public static func face(seed: UInt64, height: Int = 48, width: Int = 48, channels: Int = 1) -> Image {
    var generator = SeededGenerator(seed: seed, "TestImages.face")
    let mouth = 0.55 + 0.3 * generator.uniform()
    let brightness = 110 + 90 * generator.uniform()
    var image = Image(height: height, width: width, channels: channels, filledWith: 0)
    for y in 0..<height {
      for x in 0..<width {
        let v = (Double(y) + 0.5) / Double(height) * 2 - 1
        let u = (Double(x) + 0.5) / Double(width) * 2 - 1
        var level = 40 + 30 * v
        if u * u / 0.5 + v * v / 0.8 < 1 { level = brightness - 40 * u }
        if abs(abs(u) - 0.3) < 0.1, abs(v + 0.2) < 0.08 { level = 20 }
        if abs(u) < 0.3, abs(v - mouth) < 0.08 { level = 30 }
        for c in 0..<channels {
          image[y, x, c] = UInt8(max(0, min(255, level + 6 * generator.normal() + Double(10 * c))))
        }
      }
    }
    return image
  }

  /// Pixels that look like nothing, all values equally likely.
  public static func noise(seed: UInt64, height: Int = 48, width: Int = 48, channels: Int = 1) -> Image {
    var generator = SeededGenerator(seed: seed, "TestImages.noise")
    let pixels = (0..<height * width * channels).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    return Image(height: height, width: width, channels: channels, pixels: pixels)
  }
}
