import Curation
import Foundation
import Imaging
import Randomness
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

  @Test func `No copy is made like one that is there already`() throws {
    let store = try TestDatasets.store(Array(TestDatasets.rows.prefix(1)))
    let flip = Compose([Flip(probability: 1)])
    func augment(copies: Int = 1) throws -> [PlannedDerivation] {
      try Augmenter(copies: copies, seed: 1).derivations(
        of: store.samples(), augmentation: flip, present: store.derivations())
    }
    try store.addDerived(augment().map(\.derivation), actor: "rule augment", run: nil, reason: "test")
    #expect(try store.derivations() == [Derivation(parent: 1, operations: [.flip])])
    let error = #expect(throws: BalanceError.self) { try augment() }
    #expect(error == .tooFewVariants(key: "row-0000000", wanted: 2, found: 1))
  }

  @Test func `A copy that looks like one that is there is drawn again`() throws {
    let store = try TestDatasets.store(Array(TestDatasets.rows.prefix(1)))
    let samples = try store.samples()
    let augmenter = Augmenter(copies: 1, seed: 1)
    let planned = try augmenter.derivations(of: samples)
    // Another way to the same picture.
    let there = Derivation(parent: 1, operations: [.flip, .flip] + planned[0].operations)
    try store.addDerived([there], actor: "rule augment", run: nil, reason: "test")
    let redraw = augmenter.redraw(planned, of: samples)
    let ids = try store.addDerived(
      planned.map(\.derivation), actor: "rule augment", run: nil, reason: "test", redraw: redraw)
    let hashes = try store.samples().map(\.pixelHash)
    #expect(ids.count == 1 && Set(hashes).count == 3)
  }

  @Test func `No copies are refused in words`() throws {
    let error = #expect(throws: BalanceError.self) { try Augmenter(copies: 0).derivations(of: try samples()) }
    #expect(error?.description == "0 copies of every sample are none: ask for 1 or more")
  }

  @Test func `Copies that were exported and ingested again keep their keys, and new ones count on`() throws {
    try withTemporaryDirectory { folder in
      let store = try TestDatasets.store(Array(TestDatasets.rows.prefix(2)))
      let ways: [[Imaging.Operation]] = [[.flip], [.brightness(delta: 9)]]
      try store.addDerived(
        ways.map { Derivation(parent: 1, operations: $0) }, actor: "rule augment", run: nil, reason: "test")
      _ = try Export.run(formats: ["image-folder"], of: store, to: folder.path + "/out")
      let again = try DatasetStore.inMemory()
      _ = try Ingest.run(sources: [folder.path + "/out"], into: again)
      let parent = try again.sample(key: "row-0000000").id
      let planned = try Augmenter(copies: 2, seed: 1).derivations(of: again.samples()).filter { $0.parent == parent }
      #expect(planned.map(\.copy) == [3, 4])
      let ids = try again.addDerived(planned.map(\.derivation), actor: "rule augment", run: nil, reason: "test")
      #expect(try ids.map { try again.sample(id: $0).key } == ["row-0000000#003", "row-0000000#004"])
      let more = try again.addDerived(
        [Derivation(parent: parent, operations: [.flip])], actor: "rule augment", run: nil, reason: "test")
      #expect(try more.map { try again.sample(id: $0).key } == ["row-0000000#005"])
    }
  }

  @Test(arguments: Augmentations.all.map { $0.name })
  func `What is drawn on the fly is what a stored copy shows and an export writes`(name: String) throws {
    let store = try TestDatasets.store()
    let parent = try store.sample(key: "row-0000000")
    let picture = try store.image(of: parent)
    let pipeline = try Compose(parsing: name)
    var generator = SeededGenerator(seed: 11, name)
    let drawn = (0..<4).map { _ in pipeline.operations(for: picture.shape, using: &generator) }
    let derivations = drawn.filter { !$0.isEmpty }.map { Derivation(parent: parent.id, operations: $0) }
    let ids = try store.addDerived(derivations, actor: "rule augment", run: nil, reason: "test")
    let onTheFly = try derivations.map { try $0.operations.applied(to: picture) }
    #expect(try ids.map { try store.image(of: store.sample(id: $0)) } == onTheFly)
    try withTemporaryDirectory { folder in
      _ = try Export.run(formats: ["image-folder"], of: store, to: folder.path + "/out")
      let again = try DatasetStore.inMemory()
      _ = try Ingest.run(sources: [folder.path + "/out"], into: again)
      let exported = Set(try again.samples().map(\.pixelHash))
      #expect(onTheFly.allSatisfy { exported.contains(PixelHash.of($0)) })
    }
  }
}
