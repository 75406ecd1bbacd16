internal import Imaging
internal import Randomness

/// Makes a picture into a network's input: augmented if asked for, resized, normalised, channels first.
struct Preprocessing: Sendable {
  /// Rows and columns of the network's input.
  let size: Int
  let mean: Float
  let deviation: Float
  /// What is done to training pictures; nil leaves them as they are.
  var augment: Compose?

  /// Writes the picture at `index` as [C, size, size].
  func write(
    _ set: ImageSet, _ index: Int, view: View = .whole, using generator: inout SeededGenerator,
    to target: UnsafeMutableBufferPointer<Float>
  ) throws {
    var image = set.image(index)
    if let augment { image = try augment.operations(for: image.shape, using: &generator).applied(to: image) }
    write(view.applied(to: image), to: target)
  }

  /// Writes a picture of the network's number of channels as [C, size, size].
  func write(_ picture: Image, to target: UnsafeMutableBufferPointer<Float>) {
    var image = picture
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
