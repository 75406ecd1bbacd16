import Imaging
import Randomness

/// Draws the operations of a planned copy again, when its picture turned out to be one that is there already.
public struct CopyRedraw: Sendable {
  private let augmentation: any Augmentation
  private let seed: UInt64
  private let purpose: String
  private let planned: [PlannedDerivation]
  private let parents: [Int64: Sample]

  init(
    _ planned: [PlannedDerivation], augmentation: any Augmentation, seed: UInt64, purpose: String, samples: [Sample]
  ) {
    self.planned = planned
    self.augmentation = augmentation
    self.seed = seed
    self.purpose = purpose
    let wanted = Set(planned.map(\.parent))
    parents = Dictionary(
      samples.filter { wanted.contains($0.id) }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Other operations for the copy at `index`; the attempt, from 1, decides which.
  public func derivation(at index: Int, attempt: Int) -> Derivation? {
    let copy = planned[index]
    guard let parent = parents[copy.parent] else { return nil }
    var generator = SeededGenerator(seed: seed, purpose, parent.key, String(copy.copy), "again \(attempt)")
    let operations = augmentation.operations(for: parent.shape, using: &generator)
    return operations.isEmpty ? nil : Derivation(parent: parent.id, operations: operations)
  }
}
