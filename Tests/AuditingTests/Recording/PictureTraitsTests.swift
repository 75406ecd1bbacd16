import Foundation
import Imaging
import Randomness
import Testing

@testable import Auditing
@testable import Curation

/// What pictures look like, and which of them are no faces.
struct PictureTraitsTests {
  /// The traits after the histogram's: 36 energies, then nine shares for each cell.
  private func shares(_ image: Image, cell: Int) -> [Float] {
    let traits = PictureTraits.traits(of: image)
    #expect(traits.count == PictureTraits.count)
    return Array(traits[(6 + 36 + cell * 9)..<(6 + 36 + (cell + 1) * 9)])
  }

  /// A ramp of brightness that rises at an angle to the right, counted downwards.
  private func ramp(degrees: Double) -> Image {
    var image = Image(height: 48, width: 48, filledWith: 0)
    let (dx, dy) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    for y in 0..<48 {
      for x in 0..<48 { image[y, x] = UInt8(128 + 2.2 * (dx * Double(x - 24) + dy * Double(y - 24))) }
    }
    return image
  }

  @Test(arguments: [(10.0, 0), (50, 2), (90, 4), (130, 6), (170, 8), (190, 0), (270, 4)])
  func `A ramp's gradients fall into the ninth of the half circle that it rises along`(degrees: Double, ninth: Int) {
    let own = shares(ramp(degrees: degrees), cell: 14)
    #expect(own.indices.max { own[$0] < own[$1] } == ninth, "\(own)")
    #expect(own[ninth] > 0.6)
  }

  @Test func `A blank picture has no gradients, one value and finite numbers`() {
    let traits = PictureTraits.traits(of: Image(height: 48, width: 48, filledWith: 77))
    #expect(traits.allSatisfy { $0.isFinite })
    #expect(abs(traits[0]) < 1e-5 && abs(traits[1] - 1) < 1e-4 && traits[4] < 0.01)
    #expect(traits.dropFirst(6).allSatisfy { $0 == 0 })
    #expect(PictureTraits.traits(of: Image(height: 1, width: 1, filledWith: 9)).count == PictureTraits.count)
  }
}
