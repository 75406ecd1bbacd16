import Imaging
import Testing

@testable import Training

@Suite struct ViewsTests {
  /// Every pixel another value.
  private var picture: Image {
    var image = Image(height: 10, width: 20, filledWith: 0)
    for i in image.pixels.indices { image.pixels[i] = UInt8(i) }
    return image
  }

  @Test func `ten crops are four corners, the centre and their mirror images`() {
    let looks = Views.tenCrop.all.map { $0.applied(to: picture) }
    #expect(looks.count == 10)
    #expect(looks.allSatisfy { $0.height == 9 && $0.width == 18 })
    #expect(looks.map { $0.pixels.first } == [0, 17, 2, 19, 20, 37, 22, 39, 1, 18])
    #expect(looks.map { $0.pixels.last } == [177, 160, 179, 162, 197, 180, 199, 182, 178, 161])
  }

  @Test func `one look is the picture, and flip adds its mirror image`() {
    #expect(Views.one.all.map { $0.applied(to: picture) } == [picture])
    #expect(Views.flip.all.map { $0.applied(to: picture) } == [picture, picture.flipped()])
  }

  @Test func `the smallest picture has crops too`() {
    let pixel = Image(height: 1, width: 1, filledWith: 7)
    #expect(Views.tenCrop.all.allSatisfy { $0.applied(to: pixel) == pixel })
  }
}
