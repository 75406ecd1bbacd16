public import Curation
internal import Randomness

/// Which network may judge which sample.
///
/// Samples of one group (identical pictures, one subject) always share a fold. Only the training split is dealt out; a
/// sample of another split goes with its training twins, or, if it has none, belongs to no fold.
public struct Folds: Sendable, Equatable {
  /// The fold that holds each sample out, by position; nil when no network was trained on it or on a copy of it.
  public let heldOutBy: [Int?]
  /// Number of folds.
  public let count: Int

  /// Deals groups out so that each fold has about the same number of samples of each class.
  public init(_ samples: [Sample], count: Int, seed: UInt64) {
    precondition(count >= 2, "At least two folds are needed")
    self.count = count
    var groups: [String: [Int]] = [:]
    for (index, group) in Folds.groups(of: samples).enumerated() { groups[group, default: []].append(index) }
    var generator = SeededGenerator(seed: seed, "folds")
    let order = groups.keys.sorted().shuffled(using: &generator)
    var sizes: [String: [Int]] = [:]
    var result = [Int?](repeating: nil, count: samples.count)
    // Large groups first: what is left evens the folds out.
    for group in order.sorted(by: { (groups[$0]?.count ?? 0) > (groups[$1]?.count ?? 0) }) {
      let members = groups[group] ?? []
      let training = members.filter { samples[$0].split == .train }
      guard let first = training.first else { continue }
      let label = samples[first].label ?? ""
      var size = sizes[label] ?? [Int](repeating: 0, count: count)
      let fold = size.indices.min { size[$0] < size[$1] } ?? 0
      size[fold] += training.count
      sizes[label] = size
      for member in members { result[member] = fold }
    }
    heldOutBy = result
  }

  /// A name by position that samples share which must not be torn apart: those of one group, copies of one picture, and
  /// whatever these connect.
  static func groups(of samples: [Sample]) -> [String] {
    var names: [Int64: String] = [:]
    for group in SampleGroups(of: samples).groups {
      let name = group.map { $0.group ?? "pixels:\($0.pixelHash)" }.min()
      for sample in group { names[sample.id] = name }
    }
    return samples.map { names[$0.id] ?? "" }
  }
}
