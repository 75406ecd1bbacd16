extension ReportContent {
  /// What one check found.
  public struct Check: Codable, Sendable, Hashable {
    /// The name of the check.
    public var name: String
    /// What a finding of this check means, in a sentence.
    public var meaning: String?
    /// Samples with a finding.
    public var samples: Int
    /// Groups they form, for checks that group (clusters of copies).
    public var groups: Int?
    /// Some of the samples, the most severe first.
    public var examples: [Face]

    /// Creates the result of a check.
    public init(name: String, meaning: String? = nil, samples: Int, groups: Int? = nil, examples: [Face] = []) {
      self.name = name
      self.meaning = meaning
      self.samples = samples
      self.groups = groups
      self.examples = examples
    }
  }

  /// What was done to the labels by one actor: so many samples from one label to another.
  public struct Change: Codable, Sendable, Hashable {
    /// Who changed it: `reviewer NAME`, `rule NAME`, `self-cure`.
    public var actor: String
    /// What was done.
    public var kind: Kind
    /// The label before; nil when there was none.
    public var from: String?
    /// The label after; nil when none is left.
    public var to: String?
    /// Samples changed in this way.
    public var samples: Int

    /// What can be done to a sample.
    public enum Kind: String, Codable, Sendable, CaseIterable {
      /// Another label.
      case relabelled
      /// Taken out, and back in.
      case excluded, restored
      /// Brought to another split.
      case moved
    }

    /// Creates the count of one change.
    public init(actor: String, kind: Kind = .relabelled, from: String? = nil, to: String? = nil, samples: Int) {
      self.actor = actor
      self.kind = kind
      self.from = from
      self.to = to
      self.samples = samples
    }
  }

  /// A table of counts with named rows and columns: label noise, confusion.
  public struct LabelMatrix: Codable, Sendable, Hashable {
    /// The names of the rows: the given label, the truth.
    public var rows: [String]
    /// The names of the columns: the suggested label, the prediction.
    public var columns: [String]
    /// Counts, `rows.count` lists of `columns.count` values; what is missing counts as 0.
    public var counts: [[Int]]

    /// Creates a table of counts.
    public init(rows: [String], columns: [String], counts: [[Int]]) {
      self.rows = rows
      self.columns = columns
      self.counts = counts
    }

    /// The count of one cell, 0 where the table is too short.
    public subscript(row: Int, column: Int) -> Int {
      counts.indices.contains(row) && counts[row].indices.contains(column) ? counts[row][column] : 0
    }
  }
}
