import Imaging
import Randomness
import Testing

@testable import Auditing
@testable import Curation

/// What pictures look like, and which of them are no faces.
struct PictureTraitsTests {
  @Test func `Shares of directions do not depend on contrast, energies do`() {
    var generator = SeededGenerator(seed: 4, "traits")
    let levels = (0..<2304).map { _ in UInt8.random(in: 0...120, using: &generator) }
    let dim = PictureTraits.traits(of: Image(height: 48, width: 48, pixels: levels))
    let strong = PictureTraits.traits(of: Image(height: 48, width: 48, pixels: levels.map { 2 * $0 }))
    #expect(dim.count == PictureTraits.count)
    let cells = OrientedGradients.cells
    for place in 6..<6 + cells { #expect(strong[place] > dim[place] + 0.3) }
    for place in (6 + cells)..<PictureTraits.count { #expect(abs(strong[place] - dim[place]) < 0.05) }
  }

  @Test func `A blank picture has no gradients, one value and finite numbers`() {
    let traits = PictureTraits.traits(of: Image(height: 48, width: 48, filledWith: 77))
    #expect(traits.allSatisfy { $0.isFinite })
    #expect(abs(traits[0]) < 1e-5 && abs(traits[1] - 1) < 1e-4 && traits[4] < 0.01)
    #expect(traits.dropFirst(6).allSatisfy { $0 == 0 })
    #expect(PictureTraits.traits(of: Image(height: 1, width: 1, filledWith: 9)).count == PictureTraits.count)
  }
}
