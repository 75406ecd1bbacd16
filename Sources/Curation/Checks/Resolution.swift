/// The dataset as it would be after the rules applied so far: every rule sees what the ones before it decided.
struct Resolution {
  private var samples: [Int64: Sample]
  private var relabelled: [Int64: LabelChange] = [:]
  private var excluded: [Int64: LabelChange] = [:]
  private var moved: [Int64: LabelChange] = [:]

  init(samples: [Sample]) {
    self.samples = Dictionary(samples.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The proposed changes in order of id.
  ///
  /// A sample that is excluded is neither relabelled nor moved.
  var changes: [LabelChange] {
    let others = [relabelled, moved].flatMap { $0.filter { excluded[$0.key] == nil }.values }
    return (others + Array(excluded.values)).sorted { ($0.sample, $0.field.rawValue) < ($1.sample, $1.field.rawValue) }
  }

  mutating func apply(_ rule: CurationRule, to findings: [Finding], splits: Set<Split>) {
    switch rule {
    case .dropBlank, .dropDark, .dropBright, .dropLowContrast, .dropBlurry, .dropLowInformation, .dropGraphic,
      .dropBorder, .dropOddSize, .dropExtremePose, .dropOutliers:
      for finding in findings {
        guard let sample = samples[finding.sample], splits.contains(sample.split) else { continue }
        exclude(sample, "\(rule.rawValue): \(finding.detail)")
      }
    case .dropNearLeaks, .dropNearConflicts:
      for finding in findings {
        guard let sample = samples[finding.sample], sample.split == .train else { continue }
        exclude(sample, "\(rule.rawValue): \(finding.detail)")
      }
    case .moveLeaks:
      for group in groups(findings) { moveToTraining(group, splits: splits) }
    case .keepMajorityLabel:
      for group in groups(findings) { keepMajority(group.filter { $0.split == .train }) }
    case .dropTiedLabels:
      for group in groups(findings) { dropTie(group.filter { $0.split == .train }) }
    case .dropLeaks:
      for group in groups(findings) { dropLeaks(group) }
    case .dropDuplicates, .dropNearDuplicates:
      for group in groups(findings) { dropCopies(group, rule, splits: splits) }
    }
  }

  /// The members of every group that are still in the dataset, in order of id.
  private func groups(_ findings: [Finding]) -> [[Sample]] {
    let grouped = Dictionary(grouping: findings.filter { $0.group != nil }) { $0.group }
    return grouped.values
      .map { members in members.compactMap { samples[$0.sample] }.sorted { $0.id < $1.id } }
      .sorted { ($0.first?.id ?? 0) < ($1.first?.id ?? 0) }
  }

  private mutating func exclude(_ sample: Sample, _ reason: String) {
    samples[sample.id] = nil
    excluded[sample.id] = LabelChange(sample: sample.id, field: .excluded, to: "true", reason: reason)
  }

  /// The labels of a group by falling count.
  private func ranking(_ group: [Sample]) -> [(label: String, count: Int)] {
    Dictionary(grouping: group.compactMap(\.label)) { $0 }.map { ($0.key, $0.value.count) }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  // Only training copies vote and are changed: test labels must neither change nor tell.
  private mutating func keepMajority(_ group: [Sample]) {
    let ranked = ranking(group)
    guard ranked.count > 1, ranked[0].count > ranked[1].count else { return }
    let (winner, count) = ranked[0]
    for var sample in group where sample.label != nil && sample.label != winner {
      sample.label = winner
      samples[sample.id] = sample
      relabelled[sample.id] = LabelChange(
        sample: sample.id, field: .label, to: winner,
        reason: "keep-majority-label: \(count) of \(group.count) copies are labelled \(winner)")
    }
  }

  private mutating func dropTie(_ group: [Sample]) {
    let ranked = ranking(group)
    guard ranked.count > 1, ranked[0].count == ranked[1].count else { return }
    let labels = ranked.map(\.label).joined(separator: ", ")
    for sample in group { exclude(sample, "drop-tied-labels: the copies are labelled \(labels)") }
  }

  private mutating func dropLeaks(_ group: [Sample]) {
    guard let other = group.first(where: { $0.split != .train }) else { return }
    for sample in group where sample.split == .train {
      exclude(sample, "drop-leaks: the same picture is in \(other.split.rawValue) as \(other.key)")
    }
  }

  private mutating func moveToTraining(_ group: [Sample], splits: Set<Split>) {
    guard let inside = group.first(where: { $0.split == .train }) else { return }
    for var sample in group where sample.split != .train && splits.contains(sample.split) {
      moved[sample.id] = LabelChange(
        sample: sample.id, field: .split, to: Split.train.rawValue,
        reason: "move-leaks: the same picture is in train as \(inside.key)")
      sample.split = .train
      samples[sample.id] = sample
    }
  }

  private mutating func dropCopies(_ group: [Sample], _ rule: CurationRule, splits: Set<Split>) {
    for split in Split.allCases where splits.contains(split) {
      let members = group.filter { $0.split == split }
      guard let kept = members.first else { continue }
      for sample in members.dropFirst() {
        exclude(sample, "\(rule.rawValue): \(rule == .dropDuplicates ? "" : "almost ")the same picture as \(kept.key)")
      }
    }
  }
}
