public import Curation

extension ReportContent {
  /// What a dataset consists of.
  public struct Dataset: Codable, Sendable, Hashable {
    /// Samples in use, over all splits.
    public var samples: Int
    /// Samples taken out by rules and reviewers.
    public var excluded: Int
    /// The names of the classes, in the dataset's order.
    public var classes: [String]
    /// Samples of each split.
    public var splits: [SplitSize]
    /// Where the samples come from.
    public var sources: [Source]
    /// The sizes of the pictures, most frequent first.
    public var sizes: [PictureSize]
    /// Largest class of the training split divided by its smallest.
    public var imbalanceRatio: Double?
    /// A few faces of each class.
    public var examples: [Examples]
    /// The licence of pictures and labels, as the user names it.
    public var license: String?

    /// Creates the description of a dataset.
    public init(
      samples: Int, excluded: Int = 0, classes: [String], splits: [SplitSize] = [], sources: [Source] = [],
      sizes: [PictureSize] = [], imbalanceRatio: Double? = nil, examples: [Examples] = [],
      license: String? = nil
    ) {
      self.samples = samples
      self.excluded = excluded
      self.classes = classes
      self.splits = splits
      self.sources = sources
      self.sizes = sizes
      self.imbalanceRatio = imbalanceRatio
      self.examples = examples
      self.license = license
    }

    /// The number of samples of one split.
    public struct SplitSize: Codable, Sendable, Hashable {
      /// The split.
      public var split: Split
      /// Its samples.
      public var samples: Int

      /// Creates the size of a split.
      public init(split: Split, samples: Int) {
        self.split = split
        self.samples = samples
      }
    }

    /// One source that was ingested.
    public struct Source: Codable, Sendable, Hashable {
      /// File or folder name.
      public var name: String
      /// How it was read: `fer-csv`, `image-folder` ...
      public var format: String?
      /// Samples that were added.
      public var samples: Int
      /// Items that were refused.
      public var rejected: Int

      /// Creates the description of a source.
      public init(name: String, format: String? = nil, samples: Int, rejected: Int = 0) {
        self.name = name
        self.format = format
        self.samples = samples
        self.rejected = rejected
      }
    }

    /// How many pictures have one size.
    public struct PictureSize: Codable, Sendable, Hashable {
      /// Columns.
      public var width: Int
      /// Rows.
      public var height: Int
      /// 1 (gray) or 3 (colour).
      public var channels: Int
      /// Pictures of this size.
      public var samples: Int

      /// Creates the count of one picture size.
      public init(width: Int, height: Int, channels: Int, samples: Int) {
        self.width = width
        self.height = height
        self.channels = channels
        self.samples = samples
      }
    }

    /// A few faces of one class.
    public struct Examples: Codable, Sendable, Hashable {
      /// The class.
      public var label: String
      /// Its faces.
      public var faces: [Face]

      /// Creates the examples of one class.
      public init(label: String, faces: [Face]) {
        self.label = label
        self.faces = faces
      }
    }
  }
}
