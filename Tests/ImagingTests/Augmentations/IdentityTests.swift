import Imaging
import Randomness
import Testing

/// What must hold of every picture whatever its size, down to a single pixel.
@Suite struct IdentityTests {
  /// Sizes from 1 x 1 up, drawn once for all.
  private static let images: [Image] = {
    var generator = SeededGenerator(seed: 5, "IdentityTests")
    var sizes = [(1, 1), (1, 7), (6, 1), (2, 2)]
    for _ in 0..<12 { sizes.append((1 + Int(generator.uniform() * 20), 1 + Int(generator.uniform() * 20))) }
    return sizes.enumerated().map { index, size in
      let channels = index % 2 == 0 ? 1 : 3
      return Image(
        height: size.0, width: size.1, channels: channels,
        pixels: (0..<size.0 * size.1 * channels).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    }
  }()

  @Test(arguments: images) func `What changes nothing changes nothing`(image: Image) {
    #expect(image.flipped().flipped() == image)
    #expect(image.rotated(degrees: 0) == image && image.rotated(degrees: 360) == image)
    #expect(image.sheared(x: 0, y: 0) == image)
    #expect(image.blurred(sigma: 0) == image && image.blurred(sigma: 0.05) == image)
    #expect(image.resized(height: image.height, width: image.width) == image)
    #expect(image.zoomed(factor: 1) == image)
    #expect(image.transformed(degrees: -360, factor: 1, x: 0, y: 0) == image)
    #expect(image.transformed(degrees: 0, factor: 1, x: 2, y: -1) == image.translated(x: 2, y: -1))
  }

  @Test(arguments: images, [0, 77, 255] as [UInt8]) func `One level stays one level`(shape: Image, level: UInt8) {
    let image = Image(height: shape.height, width: shape.width, channels: shape.channels, filledWith: level)
    #expect(image.blurred(sigma: 2) == image)
    #expect(image.sheared(x: 20, y: -7) == image)
    #expect(image.transformed(degrees: 20, factor: 0.9, x: 3, y: -1) == image)
    #expect(image.withoutPlane() == image)
    for filter in ResamplingFilter.allCases {
      let large = image.resized(height: 33, width: 40, filter: filter)
      #expect(large == Image(height: 33, width: 40, channels: shape.channels, filledWith: level))
    }
  }

  @Test(arguments: images) func `Every operation takes every size`(image: Image) throws {
    let operations: [Operation] = [
      .shear(x: 10, y: -4, border: .edge, filter: .nearest), .clahe(clipLimit: 2, tiles: 4), .blur(sigma: 1.3),
      .subtractPlane, .equalize,
    ]
    for operation in operations { #expect(try operation.applied(to: image).shape == image.shape) }
  }

  @Test func `A plane is taken away whole`() {
    var ramp = Image(height: 20, width: 30, filledWith: 0)
    for y in 0..<20 { for x in 0..<30 { ramp[y, x] = UInt8(20 + 3 * x + 5 * y) } }
    let flat = ramp.withoutPlane()
    #expect(Set(flat.pixels).count <= 2, "a ramp is nothing but its plane")
    #expect(flat.withoutPlane() == flat)
  }

  @Test func `Blurring leaves the mean, and local equalisation widens the range`() {
    let image = pattern(height: 24, width: 24)
    #expect(abs(image.blurred(sigma: 1).histogram.mean - image.histogram.mean) < 3)
    let dull = Image(height: 32, width: 32, pixels: (0..<1024).map { UInt8(100 + $0 % 13) })
    #expect(
      dull.locallyEqualized(clipLimit: 4, tiles: 2).histogram.standardDeviation > dull.histogram.standardDeviation)
  }

  @Test func `Five parts and their mirror images are ten`() throws {
    let shape = ImageShape(height: 20, width: 10)
    let five = FiveCrop(fraction: 0.8, keepsSize: false).all(for: shape)
    #expect(
      five
        == [(0, 0), (0, 2), (4, 0), (4, 2), (2, 1)].map {
          [Operation.crop(top: $0.0, left: $0.1, height: 16, width: 8)]
        })
    let ten = TenCrop(fraction: 0.8, keepsSize: false).all(for: shape)
    #expect(ten.count == 10 && Set(ten).count == 10)
    #expect(ten[7] == five[2] + [.flip])
    let kept = FiveCrop(fraction: 0.8).all(for: shape)[0]
    #expect(kept.outputShape(for: shape) == shape)
    #expect(FiveCrop(fraction: 1).all(for: shape)[0].isEmpty)
  }
}
