/// One entry of a sample's history: who changed what, when and why.
///
/// Events are appended, never edited or removed. A sample's label, split and exclusion are what its events add up to; the first ones come from `ingest`.
public struct LabelEvent: Sendable, Codable, Hashable, Identifiable {
  /// The row id: a later event has a greater one.
  public var id: Int64
  /// The sample it is about.
  public var sample: Int64
  /// What changed.
  public var field: LabelChange.Field
  /// The value before, as text; nil when there was none.
  public var from: String?
  /// The value after.
  public var to: String?
  /// Who did it: `ingest`, `self-cure`, `reviewer NAME`, `rule NAME` or `undo`.
  public var actor: String
  /// The run it belongs to.
  public var run: Int64?
  /// Why, for a person.
  public var reason: String
  /// When, in ISO 8601.
  public var time: String
}
