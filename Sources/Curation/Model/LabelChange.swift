/// A change asked for: one field of one sample, and why.
///
/// It becomes a `LabelEvent` when the store applies it.
public struct LabelChange: Sendable, Codable, Hashable {
  /// What can be changed about a sample; everything else is fixed when it is ingested.
  public enum Field: String, Codable, CaseIterable, Sendable {
    /// The class name; nil takes the label away.
    case label
    /// The name of a split.
    case split
    /// `true` or `false`.
    case excluded
  }

  /// The sample it is about.
  public var sample: Int64
  /// What changes.
  public var field: Field
  /// The new value, as text: a class name, a split's name, `true` or `false`.
  public var to: String?
  /// Why, for a person.
  public var reason: String

  /// Creates a change.
  public init(sample: Int64, field: Field, to: String?, reason: String) {
    self.sample = sample
    self.field = field
    self.to = to
    self.reason = reason
  }
}
