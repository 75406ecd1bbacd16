/// An opinion as it is kept: whose it is, when it was given, and what it changed.
///
/// Rows are never removed: one that was taken back is marked. A reviewer's last one that stands is that reviewer's word.
public struct Review: Sendable, Codable, Hashable, Identifiable {
  /// The row id: a later review has a greater one.
  public var id: Int64
  /// Reviews of one batch were given together, by one key press or as a selection, and are taken back together.
  public var batch: Int64
  /// What was said.
  public var opinion: Opinion
  /// The sample that the suggestion is about.
  public var sample: Int64
  /// Who said it.
  public var reviewer: String
  /// Whether it decides; a second opinion is only written down.
  public var isApplied: Bool
  /// The run it belongs to.
  public var run: Int64?
  /// When, in ISO 8601.
  public var time: String
  /// When it was taken back; nil while it stands.
  public var undone: String?

  /// What the reviewer takes the sample for: a class, `not a face`, `ambiguous`; nil when it was skipped.
  public func verdict(on suggestion: Suggestion) -> String? {
    switch opinion.action {
    case .accept: suggestion.to ?? Self.notAFace
    case .reject: suggestion.from
    case .relabel: opinion.label
    case .ambiguous: Self.ambiguous
    case .exclude: Self.notAFace
    case .skip: nil
    }
  }

  /// What a sample is taken for that shows no face.
  public static let notAFace = "not a face"
  /// What a sample is taken for that two labels share.
  public static let ambiguous = "ambiguous"
}
