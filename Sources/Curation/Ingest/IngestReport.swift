/// What came of an ingest.
public struct IngestReport: Sendable, Codable, Hashable {
  /// One entry for each source, in order.
  public var sources: [SourceReport]

  /// Samples (of votes: samples with votes) that were added, over all sources.
  public var added: Int { sources.reduce(0) { $0 + $1.added } }
  /// Those that were there already.
  public var unchanged: Int { sources.reduce(0) { $0 + $1.unchanged } }
  /// Items that could not be taken.
  public var rejected: Int { sources.reduce(0) { $0 + $1.rejected.count } }
}

/// What came of one source.
public struct SourceReport: Sendable, Codable, Hashable {
  /// The name of the file or folder, without its path.
  public var name: String
  /// The format it was read as.
  public var kind: String
  /// Samples that were added.
  public var added: Int
  /// Samples that were there already.
  public var unchanged: Int
  /// Items that could not be taken, with the reasons.
  public var rejected: [Rejection]
  /// What else a person may want to know: pictures reduced from 16 bits, columns that were not read.
  public var notes: [String]
}
