import Imaging
import Randomness

/// Draws the operations of copies such that no two copies of a picture are made in the same way, nor like the picture.
struct CopyMaker {
  let augmentation: any Augmentation
  let seed: UInt64
  /// What the copies are for: rebalancing and augmenting one dataset by one seed give different copies.
  let purpose: String
  private var known: [Int64: Set<[Imaging.Operation]>] = [:]
  private var latest: [String: Int] = [:]
  /// Keys of samples that look like those of copies but are none: a copy that was exported and ingested again.
  private var taken: Set<String> = []

  /// Prepares for copies of some of `samples`, whose present copies, made as `present` says, are neither repeated nor
  /// renumbered.
  init(_ augmentation: any Augmentation, seed: UInt64, purpose: String, samples: [Sample], present: [Derivation]) {
    self.augmentation = augmentation
    self.seed = seed
    self.purpose = purpose
    for copy in present { known[copy.parent, default: []].insert(copy.operations) }
    for sample in samples {
      guard sample.encoding == .derived else {
        if sample.key.utf8.contains(UInt8(ascii: "#")) { taken.insert(sample.key) }
        continue
      }
      // The key of a copy is its parent's key, `#` and its number.
      guard let mark = sample.key.lastIndex(of: "#"), let number = Int(sample.key[mark...].dropFirst()) else {
        continue
      }
      let parent = String(sample.key[..<mark])
      latest[parent] = max(latest[parent] ?? 0, number)
    }
  }

  /// Draws the next copy of `parent`.
  ///
  /// The result depends on the seed, the parent's key and the copy's number alone: other samples do not shift it.
  /// - Throws: `BalanceError.tooFewVariants` after a hundred draws without a new way.
  mutating func nextCopy(of parent: Sample) throws -> PlannedDerivation {
    var copy = latest[parent.key, default: 0] + 1
    while taken.contains(CopyKey.of(parent.key, copy: copy)) { copy += 1 }
    latest[parent.key] = copy
    var generator = SeededGenerator(seed: seed, purpose, parent.key, String(copy))
    let shape = ImageShape(height: parent.height, width: parent.width, channels: parent.channels)
    for _ in 0..<100 {
      let operations = augmentation.operations(for: shape, using: &generator)
      if !operations.isEmpty, known[parent.id, default: []].insert(operations).inserted {
        return PlannedDerivation(parent: parent.id, copy: copy, operations: operations)
      }
    }
    throw BalanceError.tooFewVariants(
      key: parent.key, wanted: (known[parent.id]?.count ?? 0) + 1, found: known[parent.id]?.count ?? 0)
  }
}
