import Curation
import Foundation
import Imaging
import Synchronization

/// The pictures of the dataset, and which of them belong together.
final class FaceLibrary: Sendable {
  private let store: DatasetStore
  private let index = Mutex<FaceIndex?>(nil)
  /// Copies of one picture by its hash, only where there are several.
  private let copies: [String: [Int64]]
  /// The near-copies that a check found, by sample.
  private let nearCopies: [Int64: [Int64]]
  /// Labels whose score is in the upper part of their class.
  private let sureLabels: [Int64: String]

  init(_ store: DatasetStore) throws {
    self.store = store
    let samples = try store.samples()
    var byHash: [String: [Int64]] = [:]
    for sample in samples { byHash[sample.pixelHash, default: []].append(sample.id) }
    copies = byHash.filter { $0.value.count > 1 }
    let grouped = try store.findings().filter { $0.group != nil }
    let groups = Dictionary(grouping: grouped) { "\($0.check) \($0.group ?? "")" }
    var near: [Int64: [Int64]] = [:]
    for members in groups.values {
      let ids = Array(Set(members.map(\.sample))).sorted()
      for id in ids { near[id, default: []] += ids.filter { $0 != id } }
    }
    nearCopies = near
    sureLabels = Self.sure(try store.labelQualities())
  }

  /// The best third of every class, as far as its quality is at least one half.
  private static func sure(_ qualities: [Int64: (label: String, quality: Double)]) -> [Int64: String] {
    var result: [Int64: String] = [:]
    for (label, members) in Dictionary(grouping: qualities, by: { $0.value.label }) {
      let best = members.filter { $0.value.quality >= 0.5 }
        .sorted { ($0.value.quality, $1.key) > ($1.value.quality, $0.key) }
      for member in best.prefix(max(40, members.count / 3)) { result[member.key] = label }
    }
    return result
  }

  // MARK: Alike

  /// Reads all pictures once; until then nothing is alike.
  func buildIndex(isCancelled: () -> Bool = { false }) throws {
    let samples = try store.samples().filter { $0.encoding != .derived }
    let built = try FaceIndex(store, samples: samples, sureLabels: sureLabels, isCancelled: isCancelled)
    index.withLock { $0 = built }
  }

  /// Whether faces can be compared already.
  var isReady: Bool { index.withLock { $0 != nil } }

  /// The faces most like one: of any label, and those that surely carry each of these.
  func neighbours(of sample: Int64, count: Int, sure labels: [String]) -> FaceIndex.Answer {
    index.withLock { $0 }?.neighbours(of: sample, count: count, sure: labels)
      ?? FaceIndex.Answer(sure: labels.map { _ in [] })
  }

  /// The copies and near-copies of a sample, itself left out.
  func copies(of sample: Sample) -> [Int64] {
    let exact = copies[sample.pixelHash] ?? []
    return Array(Set(exact + (nearCopies[sample.id] ?? [])).subtracting([sample.id])).sorted()
  }

  // MARK: Pictures

  /// Larger pictures are made smaller for the page.
  static let longestSide = 512

  /// The picture of a sample as PNG.
  func png(of id: Int64) throws -> [UInt8] { try png(of: store.sample(id: id)) }

  /// The picture of a sample as PNG.
  func png(of sample: Sample) throws -> [UInt8] {
    let image = try store.image(of: sample)
    let longest = max(image.width, image.height)
    guard longest > Self.longestSide else { return try PNGCodec.encode(image) }
    return try PNGCodec.encode(
      image.resized(
        height: max(1, image.height * Self.longestSide / longest),
        width: max(1, image.width * Self.longestSide / longest)))
  }
}

extension Sample {
  /// Tells this picture from others under the same id: every dataset counts its samples from 1.
  var pictureTag: String { String(pixelHash.prefix(12)) }
}
