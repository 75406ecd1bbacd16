import Randomness

/// Deals groups of samples to splits or folds so that each gets its share of every class.
///
/// Groups are dealt one after the other, the largest and the rarest first, each to the part that lacks most of what it has:
/// stratified as far as groups that stay whole allow it.
public struct Splitter: Sendable {
  /// The seed that the order of equal groups follows from.
  public var seed: UInt64

  /// Creates a splitter.
  public init(seed: UInt64 = 0) {
    self.seed = seed
  }

  /// Deals groups to parts of the given shares.
  ///
  /// - Parameters:
  ///   - groups: The groups; samples without a label count as a class of their own.
  ///   - shares: The share of each part; their sum is what counts as all.
  /// - Returns: The part of each group.
  public func parts(of groups: [[Sample]], shares: [Double]) -> [Int] {
    precondition(!shares.isEmpty && shares.allSatisfy { $0 >= 0 }, "Shares are zero or more")
    let labels = Array(Set(groups.joined().map { $0.label ?? "" })).sorted()
    let place = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    let counts = groups.map { group in
      group.reduce(into: [Double](repeating: 0, count: labels.count)) { $0[place[$1.label ?? ""] ?? 0] += 1 }
    }
    let totals = counts.reduce(into: [Double](repeating: 0, count: labels.count)) { sum, count in
      for index in sum.indices { sum[index] += count[index] }
    }
    let whole = shares.reduce(0, +)
    let wanted = shares.map { share in totals.map { $0 * share / whole } }
    var present = shares.map { _ in [Double](repeating: 0, count: labels.count) }
    var generator = SeededGenerator(seed: seed, "split")
    // A group's weight: what share of each class it holds. Rare classes must be dealt while there is room everywhere.
    let weights = counts.map { count in zip(count, totals).reduce(0) { $0 + ($1.1 > 0 ? $1.0 / $1.1 : 0) } }
    let order = groups.indices.shuffled(using: &generator).sorted { (weights[$1]) < (weights[$0]) }
    var parts = [Int](repeating: 0, count: groups.count)
    for group in order {
      var best = 0
      var least = Double.infinity
      for part in shares.indices where shares[part] > 0 {
        // How much further from its share the part would be, over all classes, each in its own measure.
        var cost = 0.0
        for label in labels.indices where counts[group][label] > 0 {
          let before = (present[part][label] - wanted[part][label]) / totals[label]
          let after = before + counts[group][label] / totals[label]
          cost += (after * after - before * before) / (shares[part] / whole)
        }
        if cost < least - 1e-15 { (best, least) = (part, cost) }
      }
      parts[group] = best
      for label in labels.indices { present[best][label] += counts[group][label] }
    }
    return parts
  }

  /// Deals training samples to validation and test, and leaves samples that are there already where they are.
  ///
  /// A group with members outside training is not dealt: it stays as it is.
  /// - Parameters:
  ///   - groups: What must not be parted.
  ///   - validation: The share of the training samples that goes to validation.
  ///   - test: The share that goes to test.
  /// - Returns: The changes, in order of id.
  /// - Throws: `SetsError.badShares`.
  public func holdOut(_ groups: SampleGroups, validation: Double, test: Double) throws -> [LabelChange] {
    guard validation >= 0, test >= 0, validation + test < 1, validation + test > 0 else {
      throw SetsError.badShares("\(validation) and \(test)")
    }
    let free = groups.groups.filter { $0.allSatisfy { $0.split == .train } }
    let parts = parts(of: free, shares: [1 - validation - test, validation, test])
    let splits = [Split.train, .validation, .test]
    return zip(free, parts).filter { $0.1 > 0 }.flatMap { group, part in
      group.map { sample in
        LabelChange(
          sample: sample.id, field: .split, to: splits[part].rawValue,
          reason: "split: \(splits[part].rawValue) takes a group of \(group.count)")
      }
    }
    .sorted { $0.sample < $1.sample }
  }

  /// Deals training samples to `count` folds.
  ///
  /// - Returns: The fold of each training sample, from 0, by id. A group with members outside training has none.
  /// - Throws: `SetsError.tooFewGroups`.
  public func folds(_ groups: SampleGroups, count: Int) throws -> [Int64: Int] {
    let free = groups.groups.filter { $0.allSatisfy { $0.split == .train } }
    guard count >= 2, free.count >= count else { throw SetsError.tooFewGroups(free.count, folds: count) }
    let parts = parts(of: free, shares: [Double](repeating: 1, count: count))
    var folds: [Int64: Int] = [:]
    for (group, part) in zip(free, parts) { for sample in group { folds[sample.id] = part } }
    return folds
  }
}
