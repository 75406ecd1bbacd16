/// Why a step must not be taken yet: the order is deduplicate, split, audit, relabel, rebalance, augment.
public enum OrderViolation: Sendable, Hashable {
  /// Training pictures that validation or test has too: their copies would teach what is tested.
  case leak(pictures: Int, example: String, other: String)
  /// Groups (subjects, sequences) with samples in training and elsewhere.
  case tornGroup(groups: Int, example: String)
  /// An audit's suggestions about training samples none of which was decided: copies would multiply the wrong labels.
  case openSuggestions(count: Int, run: Int64)
  /// Copies that an earlier step made of training samples: they would be copied or counted again.
  case copiesBefore(count: Int)

  /// What the violation is about; `--allow-leak` and `--allow-noise` pass over those of their kind.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Training and test would share pictures or people.
    case leak
    /// Wrong labels or copies would be multiplied.
    case noise
  }

  /// Its kind.
  public var kind: Kind {
    switch self {
    case .leak, .tornGroup: .leak
    case .openSuggestions, .copiesBefore: .noise
    }
  }
}

extension OrderViolation: CustomStringConvertible {
  /// What is wrong and what to do first.
  public var description: String {
    switch self {
    case .leak(let pictures, let example, let other):
      "\(pictures) training \(pictures == 1 ? "picture is" : "pictures are") also in validation or test, such as \(example) "
        + "as \(other): drop or move them first (fercure resolve --rule drop-leaks)"
    case .tornGroup(let groups, let example):
      "\(groups) \(groups == 1 ? "group has" : "groups have") samples in training and in validation or test, such as "
        + "\(example): split by group first (fercure split)"
    case .openSuggestions(let count, let run):
      "the audit of run \(run) has \(count) open suggestions and none was decided: relabel first "
        + "(fercure resolve or fercure review)"
    case .copiesBefore(let count):
      "\(count) training samples are copies already: rebalance before augmenting, and each only once"
    }
  }
}

/// Holds steps that multiply samples to the order.
public enum OrderGuard {
  /// What speaks against multiplying the training samples of a dataset now.
  ///
  /// - Parameter isRebalancing: Whether copies that are there already count against it.
  public static func violations(in store: DatasetStore, isRebalancing: Bool) throws -> [OrderViolation] {
    let samples = try store.samples()
    var violations = leaks(among: samples)
    if let audit = try store.lastRun(kind: "audit") {
      let suggestions = try store.suggestions(run: audit.id)
      let training = Set(samples.filter { $0.split == .train }.map(\.id))
      let open = suggestions.count { $0.state == .open && training.contains($0.sample) }
      if open > 0, !suggestions.contains(where: { $0.state != .open }) {
        violations.append(.openSuggestions(count: open, run: audit.id))
      }
    }
    let copies = samples.count { $0.encoding == .derived && $0.split == .train }
    if isRebalancing, copies > 0 { violations.append(.copiesBefore(count: copies)) }
    return violations
  }

  /// Pictures and groups that training shares with validation or test.
  static func leaks(among samples: [Sample]) -> [OrderViolation] {
    var violations: [OrderViolation] = []
    let shared = CopyGroups(of: samples).groups.compactMap { group -> (Sample, Sample)? in
      guard let inside = group.first(where: { $0.split == .train }),
        let outside = group.first(where: { $0.split != .train })
      else { return nil }
      return (inside, outside)
    }
    if let (inside, outside) = shared.first {
      violations.append(.leak(pictures: shared.count, example: inside.key, other: outside.key))
    }
    // Groups of equal pictures are leaks of the first kind; parents and their copies never part.
    let named = samples.filter {
      $0.group.map { !$0.hasPrefix("pixels:") && !$0.hasPrefix(SampleGroups.familyPrefix) } ?? false
    }
    let torn = Dictionary(grouping: named) { $0.group ?? "" }
      .filter { group in group.value.contains { $0.split == .train } && group.value.contains { $0.split != .train } }
    if let example = torn.keys.min() { violations.append(.tornGroup(groups: torn.count, example: example)) }
    return violations
  }
}
