/// How far people agree beyond what chance alone would give: 1 always, 0 as often as by chance.
public enum Agreement {
  /// Cohen's kappa of two reviewers.
  ///
  /// kappa = (p_o - p_e) / (1 - p_e), with p_e from each reviewer's own habits (Cohen 1960).
  /// - Parameter pairs: What each of the two said about the same faces.
  /// - Returns: nil without pairs, or when chance alone would make them agree always.
  public static func cohen(_ pairs: [(String, String)]) -> Double? {
    guard !pairs.isEmpty else { return nil }
    let n = Double(pairs.count)
    let observed = Double(pairs.count { $0.0 == $0.1 }) / n
    let first = shares(pairs.map(\.0))
    let second = shares(pairs.map(\.1))
    // Sorted: a dictionary's own order changes from run to run, and the last bit of a sum with it.
    let expected = first.map { $0.value * (second[$0.key] ?? 0) }.sorted().reduce(0, +)
    return expected < 1 ? (observed - expected) / (1 - expected) : nil
  }

  /// Fleiss' kappa of any number of reviewers, whose number may differ from face to face.
  ///
  /// With equally many on every face it is the statistic of Fleiss (1971); faces with one opinion say nothing about
  /// agreement and are left out.
  /// - Parameter faces: What was said about each face.
  /// - Returns: nil without a face that two people saw, or when chance alone would make them agree always.
  public static func fleiss(_ faces: [[String]]) -> Double? {
    let shared = faces.filter { $0.count > 1 }
    guard !shared.isEmpty else { return nil }
    let agreements = shared.map { opinions in
      let n = Double(opinions.count)
      let counts = Dictionary(opinions.map { ($0, 1.0) }, uniquingKeysWith: +)
      return counts.values.reduce(0) { $0 + $1 * ($1 - 1) } / (n * (n - 1))
    }
    let observed = agreements.reduce(0, +) / Double(shared.count)
    let expected = shares(shared.flatMap { $0 }).values.sorted().reduce(0) { $0 + $1 * $1 }
    return expected < 1 ? (observed - expected) / (1 - expected) : nil
  }

  private static func shares(_ values: [String]) -> [String: Double] {
    Dictionary(values.map { ($0, 1 / Double(values.count)) }, uniquingKeysWith: +)
  }
}

/// What several reviewers said about one suggestion.
public struct SharedFace: Sendable, Hashable {
  /// The suggestion.
  public var suggestion: Int64
  /// The last word of every reviewer who had one, by name: a class, `not a face` or `ambiguous`.
  public var verdicts: [String: String]
  /// Whether somebody settled it after a conflict.
  public var isSettled: Bool

  /// Creates what was said about one suggestion.
  public init(suggestion: Int64, verdicts: [String: String], isSettled: Bool) {
    self.suggestion = suggestion
    self.verdicts = verdicts
    self.isSettled = isSettled
  }

  /// Whether reviewers differ and nobody has settled it.
  public var isConflict: Bool { !isSettled && Set(verdicts.values).count > 1 }

  /// What was said about every suggestion, in order of suggestions; skipped ones say nothing.
  public static func all(_ reviews: [Review], suggestions: [Int64: Suggestion]) -> [SharedFace] {
    var faces: [Int64: SharedFace] = [:]
    for review in reviews where review.undone == nil {
      guard let suggestion = suggestions[review.opinion.suggestion] else { continue }
      var face = faces[suggestion.id] ?? SharedFace(suggestion: suggestion.id, verdicts: [:], isSettled: false)
      face.verdicts[review.reviewer] = review.verdict(on: suggestion)
      if review.opinion.origin == .conflict, review.opinion.action != .skip { face.isSettled = true }
      faces[suggestion.id] = face
    }
    return faces.values.sorted { $0.suggestion < $1.suggestion }
  }
}
