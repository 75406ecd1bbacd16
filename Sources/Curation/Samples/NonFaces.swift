import Imaging
import Randomness

/// Pictures without a face, as careless collection leaves them in a dataset: stripes, checks, lines of text, clouds.
enum NonFaces {
  /// Draws one picture of the size of the faces.
  static func image(using generator: inout some RandomNumberGenerator) -> Image {
    let paper = Float(generator.uniform(in: 0.55...1))
    let ink = Float(generator.uniform(in: 0...0.35))
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return stripes(paper, ink, using: &generator)
    case 1: return checks(paper, ink, using: &generator)
    case 2: return text(paper, ink, using: &generator)
    default: return clouds(using: &generator)
    }
  }

  private static func picture(_ value: (_ y: Int, _ x: Int) -> Float) -> Image {
    let side = FaceCanvas.side
    var image = Image(height: side, width: side, filledWith: 0)
    for y in 0..<side {
      for x in 0..<side { image[y, x] = UInt8(min(255, max(0, (value(y, x) * 255 / 4).rounded() * 4))) }
    }
    return image
  }

  private static func stripes(_ a: Float, _ b: Float, using generator: inout some RandomNumberGenerator) -> Image {
    let across = Int.random(in: -2...2, using: &generator)
    let down = Int.random(in: 1...2, using: &generator)
    let period = Int.random(in: 6...14, using: &generator)
    return picture { y, x in (across * x + down * y + 4 * period * 48) % period < period / 2 ? a : b }
  }

  private static func checks(_ a: Float, _ b: Float, using generator: inout some RandomNumberGenerator) -> Image {
    let size = Int.random(in: 4...10, using: &generator)
    return picture { y, x in (x / size + y / size) % 2 == 0 ? a : b }
  }

  /// Lines of words made of small strokes: text that is too small to read.
  private static func text(
    _ paper: Float, _ ink: Float, using generator: inout some RandomNumberGenerator
  ) -> Image {
    let side = FaceCanvas.side
    var dark = [Bool](repeating: false, count: side * side)
    for line in stride(from: 4, to: side - 6, by: 8) {
      var x = 3
      while x < side - 5 {
        if generator.chance(0.2) {
          x += 4
          continue
        }
        for y in line..<line + 5 {
          for column in x..<x + 3 where generator.chance(0.55) { dark[y * side + column] = true }
        }
        x += 4
      }
    }
    return picture { y, x in dark[y * side + x] ? ink : paper }
  }

  private static func clouds(using generator: inout some RandomNumberGenerator) -> Image {
    let waves = (0..<6).map { _ in
      (
        SIMD2(Float(generator.uniform(in: -0.35...0.35)), Float(generator.uniform(in: -0.35...0.35))),
        Float(generator.uniform(in: 0...1))
      )
    }
    return picture { y, x in
      let sum = waves.reduce(Float(0)) { sum, wave in
        // A triangle wave: as smooth as needed, and the same on every machine.
        let phase = wave.0.x * Float(x) / 4 + wave.0.y * Float(y) / 4 + wave.1
        return sum + abs(2 * (phase - phase.rounded(.down)) - 1)
      }
      return sum / 6
    }
  }
}
