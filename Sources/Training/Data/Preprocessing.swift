public import Imaging
internal import Randomness

/// Makes a picture into a network's input: augmented if asked for, resized, normalised, channels first.
struct Preprocessing: Sendable {
  /// Rows and columns of the network's input.
  let size: Int
  let mean: Float
  let deviation: Float
  /// What is done to training pictures; nil leaves them as they are.
  var augment: AugmentRecipe?

  /// Writes the picture at `index` as [C, size, size].
  func write(
    _ set: ImageSet, _ index: Int, flipped: Bool = false, using generator: inout SeededGenerator,
    to target: UnsafeMutableBufferPointer<Float>
  ) throws {
    var image = set.image(index)
    if let augment { image = try augment.operations(for: image, using: &generator).applied(to: image) }
    if flipped { image = image.flipped() }
    if image.height != size || image.width != size {
      image = image.resized(height: size, width: size, filter: .bilinear)
    }
    let (scale, shift) = (1 / (255 * deviation), mean / deviation)
    let plane = size * size
    image.pixels.withUnsafeBufferPointer { pixels in
      for c in 0..<image.channels {
        for i in 0..<plane { target[c * plane + i] = Float(pixels[i * image.channels + c]) * scale - shift }
      }
    }
  }
}

extension AugmentRecipe {
  /// Draws the operations for one picture.
  public func operations(for image: Image, using generator: inout some RandomNumberGenerator) -> [Imaging.Operation] {
    var operations: [Imaging.Operation] = []
    if generator.chance(flip) { operations.append(.flip) }
    if rotate > 0 {
      let degrees = generator.uniform(in: -rotate...rotate)
      operations.append(.rotate(degrees: (degrees * 100).rounded() / 100, border: .reflect, filter: .bilinear))
    }
    if translate > 0 {
      let reach = Double(min(image.height, image.width)) * translate
      let x = Int(generator.uniform(in: -reach...reach).rounded())
      let y = Int(generator.uniform(in: -reach...reach).rounded())
      if x != 0 || y != 0 { operations.append(.translate(x: x, y: y, border: .reflect)) }
    }
    if erase > 0, generator.chance(erase) {
      let height = max(1, Int(Double(image.height) * generator.uniform(in: 0.1...0.35)))
      let width = max(1, Int(Double(image.width) * generator.uniform(in: 0.1...0.35)))
      operations.append(
        .erase(
          top: Int(generator.uniform() * Double(image.height - height + 1)),
          left: Int(generator.uniform() * Double(image.width - width + 1)), height: height, width: width, value: 128))
    }
    return operations
  }
}
