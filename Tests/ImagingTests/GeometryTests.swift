import Imaging
import Testing

@Suite struct GeometryTests {
  private let image = Image(height: 2, width: 3, pixels: [1, 2, 3, 4, 5, 6])

  @Test func `Whole pixels move where they should`() {
    #expect(image.flipped().pixels == [3, 2, 1, 6, 5, 4])
    #expect(image.flippedVertically().pixels == [4, 5, 6, 1, 2, 3])
    #expect(image.transposed() == Image(height: 3, width: 2, pixels: [1, 4, 2, 5, 3, 6]))
    #expect(image.cropped(top: 0, left: 1, height: 2, width: 2).pixels == [2, 3, 5, 6])
    #expect(image.translated(x: 1, y: 0, border: .constant(9)).pixels == [9, 1, 2, 9, 4, 5])
    #expect(image.translated(x: -1, y: 1, border: .edge).pixels == [2, 3, 3, 2, 3, 3])
    #expect(image.translated(x: 2, y: 0, border: .reflect).pixels == [3, 2, 1, 6, 5, 4])
    #expect(
      image.padded(top: 1, left: 0, bottom: 0, right: 2, border: .reflect)
        == Image(height: 3, width: 5, pixels: [4, 5, 6, 5, 4, 1, 2, 3, 2, 1, 4, 5, 6, 5, 4]))
  }

  @Test(arguments: [1, 3])
  func `Flipping or transposing twice changes nothing`(channels: Int) {
    let image = pattern(height: 5, width: 8, channels: channels)
    #expect(image.flipped().flipped() == image)
    #expect(image.flippedVertically().flippedVertically() == image)
    #expect(image.transposed().transposed() == image)
    #expect(image.flipped() != image)
  }

  @Test func `Channels stay together`() {
    let image = Image(height: 1, width: 2, channels: 3, pixels: [1, 2, 3, 4, 5, 6])
    #expect(image.flipped().pixels == [4, 5, 6, 1, 2, 3])
    #expect(image.transposed().pixels == image.pixels)
    #expect(image.translated(x: 1, y: 0, border: .constant(0)).pixels == [0, 0, 0, 1, 2, 3])
  }

  @Test func `Padding and cropping are opposites`() {
    let image = pattern(height: 4, width: 6)
    for border in [BorderPolicy.reflect, .edge, .constant(7)] {
      let padded = image.padded(top: 9, left: 2, bottom: 3, right: 11, border: border)
      #expect(padded.shape == ImageShape(height: 16, width: 19))
      #expect(padded.cropped(top: 9, left: 2, height: 4, width: 6) == image)
    }
  }

  @Test func `A move out of the frame leaves only the border`() {
    let gone = image.translated(x: 100, y: 0, border: .constant(8))
    #expect(gone == Image(height: 2, width: 3, filledWith: 8))
    #expect(image.translated(x: 100, y: 0, border: .edge).pixels == [1, 1, 1, 4, 4, 4])
  }
}
