public import Imaging
import Randomness

/// Brings the classes of the training split to the counts that a strategy asks for.
///
/// Validation and test are never touched. A picture that occurs several times in a class counts once: what is balanced
/// is what can be learned. Oversampling adds augmented copies, spread evenly over the pictures of the class, each made
/// in its own way; undersampling leaves out samples by chance. Derived samples count as what they are, but are never
/// copied again while there are originals.
public struct Rebalancer: Sendable, Codable, Hashable {
  /// Whether classes grow or shrink.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Adds augmented copies to small classes.
    case oversample
    /// Leaves out samples of large classes.
    case undersample
  }

  /// Whether classes grow or shrink.
  public var method: Method
  /// How many samples each class shall have.
  public var strategy: SamplingStrategy
  /// Whether further copies of one picture in a class are left out before counting.
  public var countsPicturesOnce: Bool
  /// The seed that the choice of samples and the copies follow from.
  public var seed: UInt64

  /// Creates a rebalancer.
  public init(
    method: Method = .oversample, strategy: SamplingStrategy = .notMajority, countsPicturesOnce: Bool = true,
    seed: UInt64 = 0
  ) {
    self.method = method
    self.strategy = strategy
    self.countsPicturesOnce = countsPicturesOnce
    self.seed = seed
  }

  /// Says what would be done, class by class.
  ///
  /// - Parameters:
  ///   - samples: the samples of the dataset, excluded ones left out.
  ///   - classes: the names of its classes.
  /// - Throws: `BalanceError`.
  public func plan(for samples: [Sample], classes: [String]) throws -> BalancePlan {
    try selection(of: samples, classes: classes).plan
  }

  /// Works out which samples stay, which are left out and which copies are made.
  ///
  /// - Parameters:
  ///   - samples: the samples of the dataset, excluded ones left out, in order of id.
  ///   - classes: the names of its classes.
  ///   - augmentation: how copies differ from their parents; not used when undersampling.
  /// - Throws: `BalanceError`.
  public func rebalance(
    _ samples: [Sample], classes: [String], augmentation: any Augmentation = Compose.standard
  ) throws -> Rebalancing {
    let selection = try selection(of: samples, classes: classes)
    var maker = CopyMaker(augmentation, seed: seed, purpose: "rebalance", samples: samples)
    var derivations: [PlannedDerivation] = []
    for (row, kept) in zip(selection.plan.classes, selection.kept) where row.copies > 0 {
      let originals = kept.filter { $0.encoding != .derived }
      var generator = SeededGenerator(seed: seed, "rebalance-order", row.label)
      let parents = (originals.isEmpty ? kept : originals).shuffled(using: &generator)
      for index in 0..<row.copies {
        derivations.append(try maker.nextCopy(of: parents[index % parents.count]))
      }
    }
    return Rebalancing(
      plan: selection.plan, samples: samples, dropped: selection.dropped,
      derivations: derivations.sorted { ($0.parent, $0.copy) < ($1.parent, $1.copy) })
  }

  private struct Selection {
    var plan = BalancePlan(classes: [])
    /// The samples of each class that stay, in order of id.
    var kept: [[Sample]] = []
    /// Why samples are left out.
    var dropped: [LabelChange] = []

    mutating func drop(_ sample: Sample, _ reason: String) {
      dropped.append(LabelChange(sample: sample.id, field: .excluded, to: "true", reason: reason))
    }
  }

  private func selection(of samples: [Sample], classes: [String]) throws -> Selection {
    let training = samples.filter { $0.split == .train && !$0.excluded }
    let byLabel = Dictionary(grouping: training) { $0.label }
    var selection = Selection()
    var counts: [(label: String, count: Int)] = []
    for label in classes {
      let members = byLabel[label] ?? []
      var first: [String: Sample] = [:]
      var kept: [Sample] = []
      for sample in members {
        if countsPicturesOnce, let original = first[sample.pixelHash] {
          selection.drop(sample, "rebalance: the same picture as \(original.key)")
        } else {
          first[sample.pixelHash] = sample
          kept.append(sample)
        }
      }
      selection.kept.append(kept)
      counts.append((label, kept.count))
    }

    let targets = try strategy.targets(for: counts, method: method)
    for (index, target) in targets.enumerated() {
      let kept = selection.kept[index]
      let label = classes[index]
      if target < kept.count {
        var generator = SeededGenerator(seed: seed, "undersample", label)
        let leaving = Set(kept.shuffled(using: &generator).dropFirst(target).map(\.id))
        for sample in kept where leaving.contains(sample.id) {
          selection.drop(sample, "rebalance: class \(label) is brought down to \(target)")
        }
        selection.kept[index] = kept.filter { !leaving.contains($0.id) }
      }
      let before = byLabel[label]?.count ?? 0
      selection.plan.classes.append(
        BalancePlan.ClassRow(
          label: label, before: before, unique: kept.count, dropped: before - min(target, kept.count),
          copies: max(0, target - kept.count)))
    }
    selection.dropped.sort { $0.sample < $1.sample }
    return selection
  }
}
