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
    #expect(dim.count == PictureTraits.plainTraits)
    let cells = OrientedGradients.cells
    for place in 6..<6 + cells { #expect(strong[place] > dim[place] + 0.3) }
    for place in (6 + cells)..<dim.count { #expect(abs(strong[place] - dim[place]) < 0.05) }
  }

  @Test func `A blank picture has no gradients, one value and finite numbers`() {
    let traits = PictureTraits.traits(of: Image(height: 48, width: 48, filledWith: 77))
    #expect(traits.allSatisfy { $0.isFinite })
    #expect(abs(traits[0]) < 1e-5 && abs(traits[1] - 1) < 1e-4 && traits[4] < 0.01)
    #expect(traits.dropFirst(6).allSatisfy { $0 == 0 })
    #expect(PictureTraits.traits(of: Image(height: 1, width: 1, filledWith: 9)).count == PictureTraits.plainTraits)
  }

  /// The gradients of pictures of which most are made of the same few patterns, and the last of none.
  private func pictures(_ count: Int, _ generator: inout SeededGenerator) -> [[Float]] {
    let patterns = (0..<3).map { _ in (0..<OrientedGradients.count).map { _ in Float(generator.normal()) } }
    let usual = (1..<count).map { _ in
      let weights = patterns.map { _ in Float(generator.normal()) }
      return (0..<OrientedGradients.count).map { i in zip(weights, patterns).reduce(Float(0)) { $0 + $1.0 * $1.1[i] } }
    }
    return usual + [(0..<OrientedGradients.count).map { _ in 2 * Float(generator.normal()) }]
  }

  @Test func `What most pictures have in common is not unusual`() {
    var generator = SeededGenerator(seed: 5, "unusualness")
    let pictures = pictures(200, &generator)
    let unusualness = Unusualness(among: Array(pictures.dropLast()))
    let traits = pictures.map { unusualness.traits(of: $0) }
    #expect(traits.allSatisfy { $0.count == Unusualness.count && $0.allSatisfy(\.isFinite) })
    // Beyond the first five directions nothing is left of the usual ones, and most of the other.
    #expect(traits.dropLast().allSatisfy { $0[1] < 1 })
    #expect(traits[199][1] > 6)
  }

  @Test func `A picture that is its own mirror image is not far from it`() {
    var generator = SeededGenerator(seed: 6, "unusualness")
    let pictures = pictures(40, &generator)
    let unusualness = Unusualness(among: pictures)
    let uneven = pictures[0]
    let even = uneven.indices.map { uneven[$0] + uneven[OrientedGradients.mirrored($0)] }
    #expect(unusualness.traits(of: even).suffix(2).allSatisfy { $0 == 0 })
    #expect(unusualness.traits(of: uneven).suffix(2).allSatisfy { $0 > 0.5 })
  }
}
