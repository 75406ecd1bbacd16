import Foundation
import GRDB
public import Imaging

extension DatasetStore {
  /// The decoded picture of a sample; a derived one is rendered from its parent.
  public func image(of sample: Sample) throws -> Image {
    var cache = RootCache()
    return try images(of: [sample], cache: &cache)[0]
  }

  /// Decodes the pictures of `samples` one after the other, in that order.
  ///
  /// Bytes are read in batches and decoded on all cores; memory stays within a batch whatever the size of the dataset.
  public func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws {
    var cache = RootCache()
    var start = 0
    while start < samples.count {
      let end = Self.endOfBatch(samples, from: start)
      let images = try images(of: samples[start..<end], cache: &cache)
      for (sample, image) in zip(samples[start..<end], images) { try body(sample, image) }
      start = end
    }
  }

  /// The file as it was ingested: the bytes of the original PNG, JPEG or PNM; nil for raw pixels and derived samples.
  public func originalBytes(of sample: Sample) throws -> [UInt8]? {
    switch sample.encoding {
    case .gray8, .derived: return nil
    case .png, .jpeg, .pnm, .link: return try read { try StoredPicture.fetch($0, sample.id) }.fileBytes(besides: path)
    }
  }

  private static func endOfBatch(_ samples: [Sample], from start: Int) -> Int {
    let mostSamples = 512
    let mostValues = 64 << 20
    var end = start
    var values = 0
    while end < samples.count, end - start < mostSamples {
      values += samples[end].width * samples[end].height * samples[end].channels
      if end > start, values > mostValues { break }
      end += 1
    }
    return end
  }

  private func images(of samples: some Collection<Sample>, cache: inout RootCache) throws -> [Image] {
    // Every sample is a stored picture (its root) and what is done to it; several copies may share a root.
    var recipes: [(sample: Sample, root: Int64, operations: [Imaging.Operation])] = []
    var wanted: [StoredPicture] = []
    var wantedIDs: Set<Int64> = []
    try read { db in
      for sample in samples {
        let (root, operations) =
          sample.encoding == .derived ? try Self.lineage(db, of: sample.id) : (sample.id, [])
        recipes.append((sample, root, operations))
        if cache.id != root, wantedIDs.insert(root).inserted { wanted.append(try StoredPicture.fetch(db, root)) }
      }
    }
    let pictures = wanted
    let folder = path
    let decoded = try concurrentMap(pictures.count, worthIt: pictures.contains { $0.encoding != .gray8 }) {
      try pictures[$0].decoded(besides: folder)
    }
    var roots = Dictionary(uniqueKeysWithValues: zip(wanted.map(\.id), decoded))
    if let id = cache.id, let image = cache.image { roots[id] = image }

    let known = roots
    let work = recipes
    let images = try concurrentMap(work.count, worthIt: work.contains { !$0.operations.isEmpty }) { index in
      let (sample, root, operations) = work[index]
      guard let image = known[root] else { throw CurationError.noSuchSample("id \(root)") }
      do {
        return try operations.applied(to: image)
      } catch {
        throw CurationError.cannotRender(sample: sample.key, reason: "\(error)")
      }
    }
    if let last = recipes.last, !last.operations.isEmpty { cache = RootCache(id: last.root, image: roots[last.root]) }
    return images
  }

  /// The stored sample that a derived one descends from, and the operations from there to it.
  static func lineage(_ db: Database, of sample: Int64) throws -> (root: Int64, operations: [Imaging.Operation]) {
    var root = sample
    var operations: [Imaging.Operation] = []
    while let derivation = try Derivation.fetch(db, of: root) {
      operations = derivation.operations + operations
      root = derivation.parent
    }
    return (root, operations)
  }
}

/// The last root of the batch before: the copies of one picture stand together and may span two batches.
private struct RootCache {
  var id: Int64?
  var image: Image?
}
