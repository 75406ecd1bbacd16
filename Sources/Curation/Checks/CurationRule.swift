/// Turns findings into proposed changes, by a rule that needs no judgement.
///
/// Rules are pure: they propose, the dataset store applies, and every change can be undone. They are applied in the order
/// of `allCases`, and each sees what the ones before it changed, so that no sample is changed twice for one reason.
public enum CurationRule: String, CaseIterable, Sendable, Codable {
  /// Excludes pictures of a single value.
  case dropBlank = "drop-blank"
  /// Gives the training copies of one picture the label that most of them carry; ties are left alone.
  case keepMajorityLabel = "keep-majority-label"
  /// Excludes the training copies of one picture whose labels are tied: nothing says which is right.
  case dropTiedLabels = "drop-tied-labels"
  /// Excludes training pictures that have a copy in validation or test, so that evaluation is honest.
  case dropLeaks = "drop-leaks"
  /// Excludes all but the first copy of a picture within a split.
  case dropDuplicates = "drop-duplicates"

  /// What the rule does, in a few words for lists.
  public var summary: String {
    switch self {
    case .dropBlank: "excludes pictures of a single gray value"
    case .keepMajorityLabel: "gives the training copies of one picture the label most of them carry"
    case .dropTiedLabels: "excludes training copies of one picture whose labels are tied"
    case .dropLeaks: "excludes training pictures that have a copy in validation or test"
    case .dropDuplicates: "excludes all but the first copy of a picture within a split"
    }
  }

  /// The check whose findings the rule works on.
  public var check: String {
    switch self {
    case .dropBlank: Blank.name
    case .keepMajorityLabel, .dropTiedLabels: ConflictingDuplicates.name
    case .dropLeaks: LeaksAcrossSplits.name
    case .dropDuplicates: ExactDuplicates.name
    }
  }

  /// The rule of a name.
  ///
  /// - Throws: `ChecksError.unknownRule`, which lists the names there are.
  public static func named(_ name: String) throws -> CurationRule {
    guard let rule = CurationRule(rawValue: name) else {
      throw ChecksError.unknownRule(name, known: allCases.map(\.rawValue))
    }
    return rule
  }

  /// What `rules` propose to change.
  ///
  /// - Parameters:
  ///   - rules: which rules; their order does not matter.
  ///   - findings: what the rules' checks found; other findings are passed over.
  ///   - samples: all samples of the dataset, excluded ones left out.
  ///   - splits: where `drop-blank` and `drop-duplicates` may exclude samples. The other rules change nothing but
  ///     training samples.
  /// - Returns: at most one change of each field of a sample, in order of id.
  public static func changes(
    by rules: [CurationRule], findings: [Finding], samples: [Sample], splits: Set<Split> = Set(Split.allCases)
  ) -> [LabelChange] {
    var state = Resolution(samples: samples)
    for rule in allCases where rules.contains(rule) {
      state.apply(rule, to: findings.filter { $0.check == rule.check }, splits: splits)
    }
    return state.changes
  }
}
