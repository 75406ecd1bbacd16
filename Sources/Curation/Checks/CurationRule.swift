/// Turns findings into proposed changes, by a rule that needs no judgement.
///
/// Rules are pure: they propose, the dataset store applies, and every change can be undone. They are applied in the order
/// of `allCases`, and each sees what the ones before it changed, so that no sample is changed twice for one reason. Only
/// the rules about almost equal pictures go by what was found: of several such pictures a finding names the closest, so
/// that one which has gone since does not say that all have.
public enum CurationRule: String, CaseIterable, Sendable, Codable {
  /// Excludes pictures of a single value.
  case dropBlank = "drop-blank"
  /// Excludes what the check `dark` flags.
  case dropDark = "drop-dark"
  /// Excludes what the check `bright` flags.
  case dropBright = "drop-bright"
  /// Excludes what the check `low-contrast` flags.
  case dropLowContrast = "drop-low-contrast"
  /// Excludes what the check `blurry` flags.
  case dropBlurry = "drop-blurry"
  /// Excludes what the check `low-information` flags.
  case dropLowInformation = "drop-low-information"
  /// Excludes what the check `graphic` flags.
  case dropGraphic = "drop-graphic"
  /// Excludes what the check `border` flags.
  case dropBorder = "drop-border"
  /// Excludes what the check `odd-size` flags.
  case dropOddSize = "drop-odd-size"
  /// Excludes what the check `extreme-pose` flags.
  case dropExtremePose = "drop-extreme-pose"
  /// Excludes what the check `outliers` flags.
  case dropOutliers = "drop-outliers"
  /// Gives the training copies of one picture the label that most of them carry; ties are left alone.
  case keepMajorityLabel = "keep-majority-label"
  /// Excludes the training copies of one picture whose labels are tied: nothing says which is right.
  case dropTiedLabels = "drop-tied-labels"
  /// Moves validation and test pictures that training has too into training, so that nothing is lost to honest evaluation.
  case moveLeaks = "move-leaks"
  /// Excludes training pictures that have a copy in validation or test, so that evaluation is honest.
  case dropLeaks = "drop-leaks"
  /// Excludes all but the first copy of a picture within a split.
  case dropDuplicates = "drop-duplicates"
  /// Excludes training pictures that have an almost equal one in validation or test.
  case dropNearLeaks = "drop-near-leaks"
  /// Excludes training pictures that have an almost equal one with another label.
  case dropNearConflicts = "drop-near-conflicts"
  /// Excludes all but the first of a group of almost equal pictures within a split.
  case dropNearDuplicates = "drop-near-duplicates"

  /// What the rule does, in a few words for lists.
  public var summary: String {
    switch self {
    case .dropBlank: "excludes pictures of a single gray value"
    case .dropDark, .dropBright, .dropLowContrast, .dropBlurry, .dropLowInformation, .dropGraphic, .dropBorder,
      .dropOddSize, .dropExtremePose, .dropOutliers:
      "excludes what the check \(check) flags"
    case .moveLeaks: "moves validation and test pictures that training has too into training"
    case .dropNearLeaks: "excludes training pictures that have an almost equal one in validation or test"
    case .dropNearConflicts: "excludes training pictures that have an almost equal one with another label"
    case .dropNearDuplicates: "excludes all but the first of almost equal pictures within a split"
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
    case .dropDark: Dark.name
    case .dropBright: Bright.name
    case .dropLowContrast: LowContrast.name
    case .dropBlurry: Blurry.name
    case .dropLowInformation: LowInformation.name
    case .dropGraphic: Graphic.name
    case .dropBorder: Border.name
    case .dropOddSize: OddSize.name
    case .dropExtremePose: ExtremePose.name
    case .dropOutliers: Outliers.name
    case .moveLeaks, .dropLeaks: LeaksAcrossSplits.name
    case .dropNearLeaks: NearLeaks.name
    case .dropNearConflicts: NearConflicts.name
    case .dropNearDuplicates: NearDuplicates.name
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
  ///   - splits: where rules about single pictures and about copies within a split may exclude samples, and from where
  ///     `move-leaks` may move them. The other rules change nothing but training samples.
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
