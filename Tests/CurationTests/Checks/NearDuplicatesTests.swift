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

  @Test func `The forest finds the pairs that comparing all finds`() throws {
    let basis = SignatureBasis(height: 48, width: 48)
    // Faces, and of every fifth a changed copy.
    let faces = (0..<1000 as Range<UInt64>).map { face($0 + 1) }
    let copies = stride(from: 0, to: 1000, by: 5).map { index -> Image in
      let noisy = faces[index].withGaussianNoise(sigma: 4, seed: UInt64(index))
      return index % 2 == 0 ? noisy.translated(x: 1, y: 0, border: .edge) : noisy.flipped()
    }
    let signatures = (faces + copies).map { basis.signature(of: $0) }
    let members = signatures.indices.filter { $0 % 10 != 3 }.map(Int32.init)
    let forest = SignatureForest(leafSize: 64, largestDistance: 0.06, largestLeft: 0.02)
    var expected: Set<[Int32]> = []
    for a in members {
      for b in members where b > a {
        for (number, own) in [signatures[Int(a)], signatures[Int(a)].mirrored].enumerated() {
          let other = signatures[Int(b)]
          if own.still.squaredDistance(to: other.still) <= 0.06, own.move(to: other, limit: 0.02) != nil {
            expected.insert([a, b, Int32(number)])
          }
        }
      }
    }
    let found = try forest.pairs(among: members, of: signatures).map { [$0.first, $0.second, $0.mirrored ? 1 : 0] }
    #expect(expected.count >= 180)
    #expect(expected.isSuperset(of: found) && Set(found).count == found.count)
    #expect(Double(found.count) >= 0.99 * Double(expected.count))
  }

  @Test(arguments: [false, true], [false, true])
  func `The forest tells how the first of a pair lies on the second`(mirrored: Bool, swapped: Bool) throws {
    let basis = SignatureBasis(height: 48, width: 48)
    let original = face(2)
    let moved = (mirrored ? original.flipped() : original).translated(x: 2, y: -1, border: .edge)
    let signatures = (swapped ? [moved, original] : [original, moved]).map { basis.signature(of: $0) }
    var forest = SignatureForest(largestDistance: 0.2, largestLeft: 0.02)
    // The mirror image of what moved to the right has to be moved to the right again to lie where it was mirrored.
    let x: Int8 = swapped && !mirrored ? -2 : 2
    let pair = SignatureForest.Pair(first: 0, second: 1, mirrored: mirrored, x: x, y: swapped ? 1 : -1)
    #expect(try forest.pairs(among: [0, 1], of: signatures).contains(pair))
    forest.largestLeft = 1e-6
    #expect(try forest.pairs(among: [0, 1], of: signatures).isEmpty)
  }

  @Test func `Equal signatures are cut apart like others`() throws {
    let signature = SignatureBasis(height: 48, width: 48).signature(of: face(1))
    let forest = SignatureForest(trees: 2, leafSize: 8, largestDistance: 0.1, largestLeft: 0.1)
    let pairs = try forest.pairs(among: Array(0..<40), of: [MovableSignature](repeating: signature, count: 40))
    #expect(pairs.count >= 40)
  }

  @Test func `Pictures that are held a few at a time give the same pairs`() throws {
    var source = ArraySource()
    for seed in 1...5 as ClosedRange<UInt64> {
      source.add(face(seed))
      source.add(face(seed).brightened(by: 9))
    }
    var search = NearSearch()
    let pass = try PicturePass(of: source, wants: [.signatures]) { _, _ in }
    let whole = try search.pairs(
      among: pass.distinct, isBlank: pass.isBlank, signatures: pass.signatures, in: source)
    search.heldBytes = 3 * 48 * 48
    let pieces = try search.pairs(
      among: pass.distinct, isBlank: pass.isBlank, signatures: pass.signatures, in: source)
    #expect(whole.count == 5 && pieces == whole)
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
