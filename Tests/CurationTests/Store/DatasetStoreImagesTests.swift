import Foundation
import Imaging
import TestSupport
import Testing

@testable import Curation

struct DatasetStoreImagesTests {
  @Test("Pictures come in the order asked for, across batches")
  func order() throws {
    let rows = (0..<700).map { TestRow($0 % 7, image: TestImages.noise(seed: UInt64($0), height: 8, width: 8)) }
    let store = try TestDatasets.store(rows)
    let samples = try Array(store.samples().reversed())
    var index = 0
    try store.forEachImage(of: samples) { sample, image in
      #expect(sample == samples[index])
      #expect(image == rows[Int(sample.id) - 1].image)
      index += 1
    }
    #expect(index == 700)
  }

  @Test("The body may ask the store for something, and may stop the reading")
  func reentrance() throws {
    struct Enough: Error {}
    let store = try TestDatasets.store()
    var seen = 0
    #expect(throws: Enough.self) {
      try store.forEachImage(of: store.samples()) { sample, _ in
        #expect(try store.sample(key: sample.key) == sample)
        seen += 1
        if seen == 5 { throw Enough() }
      }
    }
    #expect(seen == 5)
  }

  @Test("Copies are rendered from their parent, and look as their operations say")
  func derivedPictures() throws {
    let store = try TestDatasets.store()
    let operations: [[Imaging.Operation]] = [
      [.flip], [.rotate(degrees: 10, border: .reflect, filter: .bilinear)],
      [.flip, .resize(height: 20, width: 24, filter: .bilinear)],
    ]
    let derivations = (1...28).flatMap { parent in
      operations.map { Derivation(parent: Int64(parent), operations: $0) }
    }
    let ids = try store.addDerived(derivations, actor: "rule augment", run: nil, reason: "copy")
    let samples = try ids.map { try store.sample(id: $0) }
    var index = 0
    try store.forEachImage(of: samples) { sample, image in
      let derivation = derivations[index]
      let parent = try store.image(of: store.sample(id: derivation.parent))
      #expect(try image == derivation.operations.applied(to: parent))
      #expect(PixelHash.of(image) == sample.pixelHash)
      #expect(image.width == sample.width && image.height == sample.height)
      #expect(try store.derivation(of: sample) == derivation)
      index += 1
    }
    #expect(index == 84)
    #expect(try store.derivation(of: store.sample(id: 1)) == nil)
  }

  @Test("A copy has the label, split, source and group of its parent, and a key that counts on")
  func derivedSamples() throws {
    let store = try TestDatasets.store()
    let first = try store.addDerived(
      [Derivation(parent: 8, operations: [.flip])], actor: "rule rebalance", run: 1, reason: "r")
    let second = try store.addDerived(
      [Derivation(parent: 8, operations: [.brightness(delta: 3)]), Derivation(parent: first[0], operations: [.flip])],
      actor: "rule rebalance", run: 1, reason: "r")
    let parent = try store.sample(id: 8)
    let copies = try (first + second).map { try store.sample(id: $0) }
    #expect(copies.map(\.key) == ["row-0000007#001", "row-0000007#002", "row-0000007#001#001"])
    #expect(parent.group == "family:row-0000007")
    #expect(copies.allSatisfy { $0.group == parent.group && $0.label == parent.label && $0.split == parent.split })
    #expect(copies.allSatisfy { $0.encoding == .derived && $0.source == parent.source })
    // Flipped twice: the parent's own picture, rendered through two generations.
    #expect(copies[2].pixelHash == parent.pixelHash)
    #expect(try store.image(of: copies[2]) == store.image(of: parent))
    #expect(try store.events(of: copies[0]).map(\.actor) == ["rule rebalance", "rule rebalance"])
    #expect(try store.info().derived == 3)
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test("An operation that does not fit the parent is refused, and nothing is added")
  func wrongOperation() throws {
    let store = try TestDatasets.store()
    #expect(throws: CurationError.self) {
      try store.addDerived(
        [
          Derivation(parent: 1, operations: [.flip]),
          Derivation(parent: 1, operations: [.crop(top: 40, left: 0, height: 48, width: 48)]),
        ], actor: "rule augment", run: nil, reason: "")
    }
    #expect(try store.samples().count == 28)
  }

  @Test("A copy of the dataset is complete and independent")
  func copying() throws {
    try withTemporaryDirectory { folder in
      let store = try DatasetStore.create(at: folder.path + "/a.fercure")
      try TestDatasets.fill(store)
      let path = folder.path + "/b.fercure"
      let copy = try store.copy(to: path)
      #expect(try copy.allSamples() == store.allSamples())
      #expect(try copy.events(run: nil) == store.events(run: nil))
      try copy.addDerived([Derivation(parent: 1, operations: [.flip])], actor: "rule x", run: nil, reason: "")
      #expect(try store.samples().count == 28)
      #expect(try copy.samples().count == 29)
      #expect(throws: CurationError.datasetExists(path: path)) { try store.copy(to: path) }
      try copy.close()
      let again = try store.copy(to: path, replacing: true)
      #expect(try again.samples().count == 28)
      #expect(try TestDatasets.store().copy(to: folder.path + "/c.fercure").samples().count == 28)
      #expect(throws: CurationError.self) { try store.copy(to: folder.path + "/a.fercure", replacing: true) }
    }
  }
}
