import Foundation
import Imaging
import TestSupport
import Testing

struct OrientedGradientsTests {
  @Test func `An upright edge points sideways, a level one down`() {
    var upright = Image(height: 48, width: 48, filledWith: 0)
    var level = upright
    for y in 0..<48 {
      for x in 0..<48 {
        upright[y, x] = x >= 20 ? 255 : 0
        level[y, x] = y >= 20 ? 255 : 0
      }
    }
    let (across, down) = (OrientedGradients.sums(of: upright), OrientedGradients.sums(of: level))
    // Both sides of the edge lie in the third cell: two columns of 8 pixels, and all six rows of cells.
    for row in 0..<6 { #expect(across[(row * 6 + 2) * 8] == 16) }
    #expect(across.reduce(0, +) == 6 * 16)
    for column in 0..<6 {
      #expect(down[(2 * 6 + column) * 8 + 4] == 16, "90 degrees are in the middle")
    }
  }

  @Test(arguments: [(0.0, 0), (30, 1), (50, 2), (90, 4), (130, 6), (180, 0), (210, 1), (270, 4)])
  func `A ramp's gradients fall into the part of the half circle that it rises along`(degrees: Double, part: Int) {
    var image = Image(height: 48, width: 48, filledWith: 0)
    let (dx, dy) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    for y in 0..<48 {
      for x in 0..<48 { image[y, x] = UInt8(128 + 2.2 * (dx * Double(x - 24) + dy * Double(y - 24))) }
    }
    let own = OrientedGradients.sums(of: image)[14 * 8..<15 * 8]
    #expect((own[14 * 8 + part]) > 0.6 * own.reduce(0, +), "\(own)")
  }

  @Test func `The mirrored picture has the same numbers elsewhere`() {
    let picture = TestImages.noise(seed: 5)
    let (own, mirrored) = (OrientedGradients.sums(of: picture), OrientedGradients.sums(of: picture.flipped()))
    for index in own.indices {
      #expect(abs(own[index] - mirrored[OrientedGradients.mirrored(index)]) < 1e-3)
      #expect(OrientedGradients.mirrored(OrientedGradients.mirrored(index)) == index)
    }
  }
}
