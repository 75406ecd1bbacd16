import Curation
import Imaging
import Randomness
import TestSupport
import Testing

struct NearDuplicatesTests {
  private func face(_ seed: UInt64) -> Image {
    var generator = SeededGenerator(seed: seed)
    let identity = FaceIdentity(using: &generator)
    return SyntheticFaces.image(expression: .happy, intensity: 1, identity: identity, using: &generator)
  }

  @Test func `A slightly changed picture is found beside its original, and other faces are not`() throws {
    var source = ArraySource()
    for seed in 1...6 { source.add(face(UInt64(seed))) }
    var retouched = face(2)
    for index in retouched.pixels.indices where index % 7 == 0 { retouched.pixels[index] ^= 16 }
    source.add(retouched)
    source.add(face(2))
    source.add(Image(height: 48, width: 48, filledWith: 7))
    source.add(Image(height: 48, width: 48, filledWith: 8))
    let findings = try NearDuplicates().findings(in: source) { _, _ in }
    #expect(findings.map(\.sample) == [2, 7])
    #expect(findings[0].group == findings[1].group && findings[0].group != nil)
    #expect(findings.allSatisfy { $0.score < 0.5 })
    #expect(findings[1].detail.hasPrefix("almost the same picture as row-0000001 (correlation "))
  }

  @Test func `Pictures of other sizes are not compared`() throws {
    var source = ArraySource()
    let picture = face(1)
    source.add(picture)
    source.add(picture.resized(height: 96, width: 96, filter: .bilinear))
    #expect(try NearDuplicates().findings(in: source) { _, _ in }.isEmpty)
  }
}
