import Imaging
import Randomness
import TestSupport
import Testing

@testable import Curation

struct NearDuplicatesTests {
  private func face(_ seed: UInt64) -> Image {
    var generator = SeededGenerator(seed: seed)
    let identity = FaceIdentity(using: &generator)
    return SyntheticFaces.image(expression: .happy, intensity: 1, identity: identity, using: &generator)
  }

  private func pairs(_ images: [Image]) throws -> [NearPair] {
    var source = ArraySource()
    for image in images { source.add(image) }
    return try NearDuplicateSet(of: source).pairs
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
    let picture = face(1)
    #expect(try pairs([picture, picture.resized(height: 96, width: 96, filter: .bilinear)]).isEmpty)
  }

  @Test(arguments: [
    "mirrored", "brighter", "darker by gamma", "of less contrast", "moved right", "moved up", "moved both ways",
    "mirrored and moved", "blurred",
  ])
  func `A copy is found that is`(change: String) throws {
    let original = face(2)
    let copy =
      switch change {
      case "mirrored": original.flipped()
      case "brighter": original.brightened(by: 12)
      case "darker by gamma": original.gammaCorrected(by: 1.15)
      case "of less contrast": original.contrasted(by: 0.6)
      case "moved right": original.translated(x: 1, y: 0, border: .edge)
      case "moved up": original.translated(x: 0, y: -1, border: .edge)
      case "moved both ways": original.translated(x: 1, y: 1, border: .edge)
      case "mirrored and moved": original.flipped().translated(x: 0, y: 1, border: .edge)
      default: original.blurred(sigma: 0.5)
      }
    let found = try pairs([face(1), original, face(3), copy, face(4)])
    #expect(found.map { [$0.first, $0.second] } == [[2, 4]], "\(change)")
    #expect(found.first?.mirrored == change.hasPrefix("mirrored"))
    if change == "moved both ways" { #expect(found.first?.x == 1 && found.first?.y == 1) }
  }

  @Test func `The tree finds exactly the pairs that comparing all finds`() throws {
    let basis = SignatureBasis(height: 16, width: 16)
    var signatures: [PictureSignature] = []
    for seed in 0..<150 as Range<UInt64> {
      let image = TestImages.face(seed: seed % 100, height: 16, width: 16)
      signatures.append(
        basis.signature(of: seed < 100 ? image : image.flipped().withGaussianNoise(sigma: 9, seed: seed)))
    }
    let tree = SignatureTree(signatures)
    for limit in [0.01, 0.05, 0.3] as [Float] {
      var plain: Set<[Int]> = []
      var turned: Set<[Int]> = []
      for a in signatures.indices {
        for b in signatures.indices where b > a {
          if signatures[a].squaredDistance(to: signatures[b]) <= limit { plain.insert([a, b]) }
          if signatures[a].squaredDistance(to: signatures[b].mirrored) <= limit { turned.insert([a, b]) }
        }
      }
      let found = try tree.pairs(within: limit).map { [$0.0, $0.1] }
      #expect(Set(found) == plain && found.count == plain.count)
      #expect(Set(try tree.pairs(within: limit, mirrored: true).map { [$0.0, $0.1] }) == turned)
      #expect(!turned.isEmpty)
    }
  }

  @Test func `A chain of small changes does not end in one group`() {
    let chain = (1...5).map { NearPair(first: $0, second: $0 + 1, correlation: 0.98) }
    let groups = NearGroups(of: chain).groups
    #expect(groups.count >= 2)
    for group in groups { #expect(group.pairs.allSatisfy { [$0.first, $0.second].contains(group.centre) }) }
    let members = groups.flatMap(\.members)
    #expect(Set(members).count == members.count, "nobody is in two groups")
  }

  @Test func `Almost equal pictures with other labels and in other splits are told`() throws {
    var source = ArraySource()
    source.add(face(1), label: "happy")
    source.add(face(1).brightened(by: 10), label: "sad", split: .test)
    source.add(face(2), label: "happy")
    source.add(face(2).flipped(), label: "happy")
    source.add(face(2), label: "happy", split: .validation)
    let findings = try Checks.run(["near-conflicts", "near-leaks"], on: source)
    #expect(findings.filter { $0.check == "near-conflicts" }.map(\.sample) == [1, 2])
    #expect(findings.first?.detail.hasPrefix("labelled happy, but sad is the label of row-0000001 (") == true)
    #expect(findings.filter { $0.check == "near-leaks" }.map(\.sample) == [1, 2, 4, 5])
  }
}
