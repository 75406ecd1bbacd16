/// One execution of a step on a dataset, with what is needed to repeat it.
public struct Run: Sendable, Codable, Hashable, Identifiable {
  /// The row id in the dataset file.
  public var id: Int64
  /// The step: `ingest`, `check`, `audit`, `resolve`, `review`, `rebalance`, `augment`, `undo`, ...
  public var kind: String
  /// The effective recipe as JSON, every default included.
  public var recipe: String
  /// The seed of all its randomness; nil when it used none.
  public var seed: UInt64?
  /// The version of the tool that ran.
  public var version: String
  /// When it began, in ISO 8601.
  public var started: String
  /// When it ended; nil while it runs, or when it was stopped.
  public var finished: String?
  /// How it ended, or, while it runs, what it needs to go on from where it was stopped.
  public var outcome: String?
  /// The run that this one took back; nil for all but `undo` runs.
  public var undoes: Int64?
}

/// The version of this tool, which every run records.
public enum ToolVersion {
  /// The version as `MAJOR.MINOR.PATCH`.
  public static let current = "0.1.0"
}
