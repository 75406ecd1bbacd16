public import Foundation

/// What a dataset holds, counted.
///
/// Excluded samples count in `excluded` only. `json()` is the document that `fercure info --json` prints.
public struct DatasetInfo: Sendable, Codable, Hashable {
  /// Samples, derived ones included, excluded ones not.
  public var samples: Int
  /// The names of the classes, in the dataset's order.
  public var classes: [String]
  /// Counts by the name of the split; all three splits are there.
  public var splits: [String: SplitInfo]
  /// The sizes of the pictures, the most frequent first.
  public var sizes: [Size]
  /// Samples of the largest class over samples of the smallest, in the training split, classes without samples left out.
  public var imbalanceRatio: Double?
  /// Samples that were taken out by a rule or a reviewer.
  public var excluded: Int
  /// Samples without a label.
  public var unlabelled: Int
  /// Samples that are rendered from a parent.
  public var derived: Int
  /// Different pictures among the samples.
  public var distinctPictures: Int
  /// Samples whose votes are known.
  public var votesKnown: Int
  /// Items of the sources that could not be taken.
  public var rejections: Int
  /// Label events by actor.
  public var labelEvents: [String: Int]
  /// Suggestions by state.
  public var suggestions: [String: Int]
  /// Where the samples come from.
  public var sources: [Source]
  /// What was done, in order.
  public var runs: [Run]

  /// The samples of one split.
  public struct SplitInfo: Sendable, Codable, Hashable {
    /// All of them.
    public var total: Int
    /// Those of each class; every class is there.
    public var classes: [String: Int]
  }

  /// A size of pictures.
  public struct Size: Sendable, Codable, Hashable {
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int
    /// 1 or 3.
    public var channels: Int
    /// Samples of this size.
    public var samples: Int
  }

  /// A file or folder that was ingested.
  public struct Source: Sendable, Codable, Hashable {
    /// The name of the file or folder, without its path.
    public var name: String
    /// The format: `fer-csv`, `image-folder`, `ferplus-votes`.
    public var kind: String
    /// What stands before the keys of its samples.
    public var keyPrefix: String
    /// Its samples that are in the dataset.
    public var samples: Int
  }

  /// The same facts as a JSON document with sorted keys, so that equal datasets give equal bytes.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
