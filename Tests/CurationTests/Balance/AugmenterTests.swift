import Curation
import Imaging
import TestSupport
import Testing

struct AugmenterTests {
  private func samples() throws -> [Sample] {
    var source = ArraySource()
    source.add(Image(height: 4, width: 4, filledWith: 1))
    source.add(Image(height: 4, width: 4, filledWith: 2), split: .test)
    source.add(Image(height: 4, width: 4, filledWith: 3))
    return try source.samples()
  }

  @Test func `Every training sample gets its copies, and other splits none`() throws {
    let copies = try Augmenter(copies: 3, seed: 1).derivations(of: try samples())
    #expect(copies.map(\.parent) == [1, 1, 1, 3, 3, 3])
    #expect(copies.map(\.copy) == [1, 2, 3, 1, 2, 3])
    #expect(Set(copies.map(\.operations)).count == 6)
    #expect(copies[0].derivation == Derivation(parent: 1, operations: copies[0].operations))
  }

  @Test func `Copies follow from the seed`() throws {
    let first = try Augmenter(copies: 2, seed: 1).derivations(of: try samples())
    #expect(try Augmenter(copies: 2, seed: 1).derivations(of: try samples()) == first)
    #expect(try Augmenter(copies: 2, seed: 2).derivations(of: try samples()) != first)
  }

  @Test func `No copies are refused in words`() throws {
    let error = #expect(throws: BalanceError.self) { try Augmenter(copies: 0).derivations(of: try samples()) }
    #expect(error?.description == "0 copies of every sample are none: ask for 1 or more")
  }
}
