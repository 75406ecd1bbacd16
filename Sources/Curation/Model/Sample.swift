public import Imaging

/// One picture of the dataset with what is known about it, without its pixels.
public struct Sample: Sendable, Codable, Hashable, Identifiable {
  /// The row id in the dataset file.
  public var id: Int64
  /// The stable name: `row-0000123` for the rows of a csv, the relative path for files.
  public var key: String
  /// The part of the dataset it belongs to.
  public var split: Split
  /// The name of its current class; nil when it has none.
  ///
  /// Always what the label events add up to.
  public var label: String?
  /// True when a rule or a reviewer took it out: it stays in the file, but is not trained on or exported.
  public var excluded: Bool
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int
  /// 1 or 3.
  public var channels: Int
  /// How its bytes are stored.
  public var encoding: Encoding
  /// SHA-256, in lower-case hexadecimal, of size and decoded pixels: equal for equal pictures, however they were encoded.
  public var pixelHash: String
  /// The source it was ingested from.
  public var source: Int64
  /// Samples of one group (a subject, a sequence, a cluster of duplicates) never end up in different splits or folds.
  public var group: String?

  /// The size of its picture.
  public var shape: ImageShape { ImageShape(height: height, width: width, channels: channels) }

  /// How the bytes of a sample are stored in the dataset file.
  public enum Encoding: String, Codable, Sendable {
    /// Raw pixels, one byte a pixel.
    case gray8
    /// The bytes of the original file.
    case png, jpeg, pnm
    /// No bytes: the path of the original file, which is read when needed.
    case link
    /// No bytes: rendered from the parent by the operations of its derivation.
    case derived
  }

  /// Creates a sample.
  public init(
    id: Int64, key: String, split: Split, label: String?, excluded: Bool = false, width: Int, height: Int,
    channels: Int, encoding: Encoding, pixelHash: String, source: Int64, group: String? = nil
  ) {
    self.id = id
    self.key = key
    self.split = split
    self.label = label
    self.excluded = excluded
    self.width = width
    self.height = height
    self.channels = channels
    self.encoding = encoding
    self.pixelHash = pixelHash
    self.source = source
    self.group = group
  }
}
