public import Imaging
import Randomness

/// Brings the classes of the training split to the counts that a strategy asks for.
///
/// Validation and test are never touched. A picture that occurs several times in a class counts once: what is balanced
/// is what can be learned. Oversampling adds augmented copies, each made in its own way, spread over the pictures of the
/// class by how well their labels are supported, or evenly where nothing is known about that; undersampling leaves out
/// samples by chance. Derived samples count as what they are, but are never copied again while there are originals.
public struct Rebalancer: Sendable, Codable, Hashable {
  /// Whether classes grow or shrink.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Adds augmented copies to small classes.
    case oversample
    /// Leaves out samples of large classes.
    case undersample
    /// Does the one or the other, class by class.
    case both

    /// The count of a class that is asked to have `target` samples and has `count`; no samples stay none.
    func towards(_ target: Int, from count: Int) -> Int {
      if count == 0 { return 0 }
      return switch self {
      case .oversample: max(count, target)
      case .undersample: min(count, target)
      case .both: target
      }
    }
  }

  /// Whether classes grow or shrink.
  public var method: Method
  /// How many samples each class shall have.
  public var strategy: SamplingStrategy
  /// Whether further copies of one picture in a class are left out before counting.
  public var countsPicturesOnce: Bool
  /// The most copies that are made of one picture, and of all that are almost equal to it; nil for no such limit.
  public var copiesPerPicture: Int?
  /// The seed that the choice of samples and the copies follow from.
  public var seed: UInt64

  /// Creates a rebalancer.
  public init(
    method: Method = .oversample, strategy: SamplingStrategy = .notMajority, countsPicturesOnce: Bool = true,
    copiesPerPicture: Int? = nil, seed: UInt64 = 0
  ) {
    self.method = method
    self.strategy = strategy
    self.countsPicturesOnce = countsPicturesOnce
    self.copiesPerPicture = copiesPerPicture
    self.seed = seed
  }

  /// Says what would be done, class by class.
  ///
  /// - Parameters:
  ///   - samples: the samples of the dataset, excluded ones left out.
  ///   - classes: the names of its classes.
  ///   - support: how well labels are supported; nil when nothing is known.
  ///   - alike: which pictures share the cap on copies.
  /// - Throws: `BalanceError`.
  public func plan(
    for samples: [Sample], classes: [String], support: LabelSupport? = nil, alike: AlikePictures = AlikePictures()
  ) throws -> BalancePlan {
    try selection(of: samples, classes: classes, support: support, alike: alike).plan
  }

  /// Works out which samples stay, which are left out and which copies are made.
  ///
  /// - Parameters:
  ///   - samples: the samples of the dataset, excluded ones left out, in order of id.
  ///   - classes: the names of its classes.
  ///   - augmentation: how copies differ from their parents; not used when undersampling.
  ///   - support: how well labels are supported; nil when nothing is known.
  ///   - alike: which pictures share the cap on copies.
  ///   - present: how the copies that are there already were made: none is made like them.
  /// - Throws: `BalanceError`.
  public func rebalance(
    _ samples: [Sample], classes: [String], augmentation: any Augmentation = Compose.standard,
    support: LabelSupport? = nil, alike: AlikePictures = AlikePictures(), present: [Derivation] = []
  ) throws -> Rebalancing {
    let selection = try selection(of: samples, classes: classes, support: support, alike: alike)
    var maker = CopyMaker(augmentation, seed: seed, purpose: "rebalance", samples: samples, present: present)
    var derivations: [PlannedDerivation] = []
    for parents in selection.parents {
      for (parent, copies) in parents {
        for _ in 0..<copies { derivations.append(try maker.nextCopy(of: parent)) }
      }
    }
    derivations.sort { ($0.parent, $0.copy) < ($1.parent, $1.copy) }
    return Rebalancing(
      plan: selection.plan, samples: samples, dropped: selection.dropped, derivations: derivations,
      redraw: CopyRedraw(derivations, augmentation: augmentation, seed: seed, purpose: "rebalance", samples: samples))
  }

  private struct Selection {
    var plan = BalancePlan(classes: [])
    /// The samples of each class that stay, in order of id.
    var kept: [[Sample]] = []
    /// The samples of each class that are copied, and how often.
    var parents: [[(Sample, Int)]] = []
    /// Why samples are left out.
    var dropped: [LabelChange] = []

    mutating func drop(_ sample: Sample, _ reason: String) {
      dropped.append(LabelChange(sample: sample.id, field: .excluded, to: "true", reason: reason))
    }
  }

  private func selection(
    of samples: [Sample], classes: [String], support: LabelSupport?, alike: AlikePictures
  ) throws -> Selection {
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
      let parents = try parents(
        of: target - kept.count, label: label, kept: selection.kept[index], support: support, alike: alike)
      selection.parents.append(parents)
      let before = byLabel[label]?.count ?? 0
      let isKnown = kept.contains { support?.values[$0.id] != nil }
      selection.plan.classes.append(
        BalancePlan.ClassRow(
          label: label, before: before, unique: kept.count, dropped: before - min(target, kept.count),
          copies: parents.reduce(0) { $0 + $1.1 },
          supported: isKnown ? kept.count { support?.values[$0.id] ?? 0 >= LabelSupport.enough } : nil,
          copiesPerPicture: parents.map(\.1).max() ?? 0, target: target))
    }
    selection.dropped.sort { $0.sample < $1.sample }
    return selection
  }

  /// Who is copied how often, in random order, when a class grows by `copies`.
  private func parents(
    of copies: Int, label: String, kept: [Sample], support: LabelSupport?, alike: AlikePictures
  ) throws -> [(Sample, Int)] {
    guard copies > 0 else { return [] }
    let originals = kept.filter { $0.encoding != .derived }
    var generator = SeededGenerator(seed: seed, "rebalance-order", label)
    var parents = (originals.isEmpty ? kept : originals).shuffled(using: &generator)
    var weights = support?.weights(of: parents) ?? parents.map { _ in 1 }
    if copiesPerPicture != nil {
      // Of pictures that are almost equal the best supported one stands for all, so that the cap holds for them together.
      var best: [String: Int] = [:]
      for (index, parent) in parents.enumerated() {
        let group = alike.group(of: parent)
        if let other = best[group], weights[other] >= weights[index] {
          weights[index] = 0
        } else {
          if let other = best[group] { weights[other] = 0 }
          best[group] = index
        }
      }
    }
    guard weights.contains(where: { $0 > 0 }) else { throw BalanceError.unsupportedClass(label) }
    let shares = CopyQuota.shares(of: copies, weights: weights, cap: copiesPerPicture)
    parents = parents.indices.filter { shares[$0] > 0 }.map { parents[$0] }
    return Array(zip(parents, shares.filter { $0 > 0 }))
  }
}
