import Imaging
import TestSupport
import Testing

@testable import Curation

struct PixelHashTests {
  @Test("The fingerprint is SHA-256 of size and pixels")
  func knownValue() {
    // printf '\2\0\0\0\1\0\0\0\1\0\0\0\7\11' | sha256sum
    let image = Image(height: 1, width: 2, pixels: [7, 9])
    #expect(PixelHash.of(image) == "7a69088d8cbf9f7ba7b1cfb1dcd67f087d22a4e9ab161da7350a270417c0b34e")
  }

  @Test("Pictures of the same pixels in another shape have another fingerprint")
  func shapeCounts() {
    let pixels: [UInt8] = [1, 2, 3, 4, 5, 6]
    let shapes = [
      Image(height: 2, width: 3, pixels: pixels), Image(height: 3, width: 2, pixels: pixels),
      Image(height: 1, width: 2, channels: 3, pixels: pixels),
    ]
    #expect(Set(shapes.map(PixelHash.of)).count == 3)
  }
}
