import Curation
import Imaging
import TestSupport
import Testing

struct CopyCheckTests {
  private func picture(_ seed: UInt8) -> Image {
    Image(height: 4, width: 4, pixels: (0..<16).map { UInt8($0) &* 13 &+ seed })
  }

  /// Three copies of A (one in test, one with another label), two of B, one C.
  private func source() -> ArraySource {
    var source = ArraySource()
    source.add(picture(1), label: "happy", split: .train)
    source.add(picture(2), label: "sad", split: .train)
    source.add(picture(1), label: "happy", split: .test)
    source.add(picture(3), label: "fear", split: .train)
    source.add(picture(2), label: "sad", split: .train)
    source.add(picture(1), label: "surprise", split: .train)
    return source
  }

  @Test func `Every member of a group of equal pictures is found`() throws {
    let findings = try ExactDuplicates().findings(in: source()) { _, _ in }
    #expect(findings.map(\.sample) == [1, 2, 3, 5, 6])
    #expect(Set(findings.compactMap(\.group)).count == 2)
    #expect(findings.allSatisfy { $0.score == 0 })
    #expect(findings[0].detail == "the same picture as row-0000002, row-0000005")
  }

  @Test func `Pictures of equal bytes and other shape are no duplicates`() throws {
    var source = ArraySource()
    source.add(Image(height: 2, width: 8, pixels: [UInt8](0..<16)))
    source.add(Image(height: 8, width: 2, pixels: [UInt8](0..<16)))
    #expect(try ExactDuplicates().findings(in: source) { _, _ in }.isEmpty)
  }

  @Test func `A long group names three copies and counts the others`() throws {
    var source = ArraySource()
    for _ in 0..<6 { source.add(picture(1)) }
    let findings = try ExactDuplicates().findings(in: source) { _, _ in }
    #expect(findings[0].detail == "the same picture as row-0000001, row-0000002, row-0000003 and 2 more")
  }

  @Test func `The odd label out scores lowest among copies`() throws {
    let findings = try ConflictingDuplicates().findings(in: source()) { _, _ in }
    #expect(findings.map(\.sample) == [1, 3, 6])
    #expect(findings.map(\.score) == [0.5, 0.5, 0])
    #expect(findings[2].detail == "labelled surprise, but its copies say happy (2)")
  }

  @Test func `Copies without a label conflict with nothing`() throws {
    var source = ArraySource()
    source.add(picture(1), label: "happy")
    source.add(picture(1), label: nil)
    #expect(try ConflictingDuplicates().findings(in: source) { _, _ in }.isEmpty)
  }

  @Test func `Only groups in more than one split leak`() throws {
    let findings = try LeaksAcrossSplits().findings(in: source()) { _, _ in }
    #expect(findings.map(\.sample) == [1, 3, 6])
    #expect(findings[1].detail == "in test, and also in train (row-0000000, row-0000005)")
  }

  @Test func `Excluded samples are not looked at`() throws {
    var source = source()
    source.update(3) { $0.excluded = true }
    #expect(try LeaksAcrossSplits().findings(in: source) { _, _ in }.isEmpty)
  }
}
