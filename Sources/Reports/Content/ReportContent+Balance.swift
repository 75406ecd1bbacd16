public import Curation

extension ReportContent {
  /// Samples per class and split, before and after the steps that change them.
  public struct Balance: Codable, Sendable, Hashable {
    /// The names of the classes, in the dataset's order.
    public var classes: [String]
    /// The state before the first step and after each of them: before, after resolve, after rebalance.
    public var stages: [Stage]

    /// Creates the development of the class counts.
    public init(classes: [String], stages: [Stage]) {
      self.classes = classes
      self.stages = stages
    }

    /// The class counts at one time.
    public struct Stage: Codable, Sendable, Hashable {
      /// What stands at the column: `before`, `after resolve`, `after rebalance`.
      public var name: String
      /// The counts of each split.
      public var splits: [Counts]

      /// Creates one stage.
      public init(name: String, splits: [Counts]) {
        self.name = name
        self.splits = splits
      }
    }

    /// The class counts of one split.
    public struct Counts: Codable, Sendable, Hashable {
      /// The split.
      public var split: Split
      /// One count a class, in the order of `classes`.
      public var counts: [Int]

      /// Creates the counts of a split.
      public init(split: Split, counts: [Int]) {
        self.split = split
        self.counts = counts
      }
    }
  }
}
