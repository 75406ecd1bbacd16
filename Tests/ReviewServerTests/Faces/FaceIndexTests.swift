import Curation
import Imaging
import TestSupport
import Testing

@testable import ReviewServer

/// Which faces are alike.
@Suite struct FaceIndexTests {
  /// Rows 0 and 3 are the same picture, row 4 the same one brighter.
  static func store() throws -> DatasetStore {
    let face = TestImages.face(seed: 1)
    let brighter = Image(height: 48, width: 48, pixels: face.pixels.map { UInt8(min(255, Int($0) / 2 + 60)) })
    return try TestDatasets.store([
      TestRow(0, image: face), TestRow(1, image: TestImages.noise(seed: 2)),
      TestRow(2, image: TestImages.noise(seed: 3)), TestRow(3, image: face),
      TestRow(4, image: brighter),
    ])
  }

  @Test func `Copies and the same face in other light are nearest, the face itself is left out`() throws {
    let store = try Self.store()
    let samples = try store.samples()
    let index = try FaceIndex(store, samples: samples, sureLabels: [samples[1].id: "disgust"])
    let found = index.neighbours(of: samples[0].id, count: 3, sure: ["disgust", "fear"])
    #expect(found.alike.map(\.sample).prefix(2).sorted() == [samples[3].id, samples[4].id])
    #expect(found.alike.prefix(2).allSatisfy { $0.similarity >= FaceIndex.sameFace })
    #expect((found.alike.last?.similarity ?? 1) < FaceIndex.sameFace)
    #expect(found.sure.map { $0.map(\.sample) } == [[samples[1].id], []])
    #expect(index.neighbours(of: 999, count: 3, sure: []).alike.isEmpty)
  }

  @Test func `No two examples of a class are almost the same picture`() throws {
    let store = try Self.store()
    let samples = try store.samples()
    let sure = Dictionary(uniqueKeysWithValues: [0, 2, 3, 4].map { (samples[$0].id, "fear") })
    let index = try FaceIndex(store, samples: samples, sureLabels: sure)
    let examples = index.neighbours(of: samples[1].id, count: 4, sure: ["fear"]).sure[0].map(\.sample)
    #expect(examples.count == 2 && examples.contains(samples[2].id))
    // What is alike is shown with all its copies.
    #expect(index.neighbours(of: samples[1].id, count: 4, sure: []).alike.count == 4)
  }

  @Test func `A library knows copies before it has compared anything`() throws {
    let store = try Self.store()
    let samples = try store.samples()
    let library = try FaceLibrary(store)
    #expect(!library.isReady)
    #expect(library.neighbours(of: samples[0].id, count: 3, sure: ["fear"]).alike.isEmpty)
    #expect(library.copies(of: samples[0]) == [samples[3].id])
    #expect(library.copies(of: samples[1]).isEmpty)
    try library.buildIndex()
    #expect(library.isReady)
    #expect(library.neighbours(of: samples[0].id, count: 1, sure: []).alike.count == 1)
  }
}
