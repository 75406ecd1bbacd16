extension ReportContent {
  /// How right the suggestions are, judged by a truth that the audit did not see.
  public struct Quality: Codable, Sendable, Hashable {
    /// What is taken for the truth: `the votes of ten people`, `the generated truth`.
    public var reference: String
    /// Suggestions that can be judged, by confidence; every bin holds how many of them are right.
    public var bins: [Bin]
    /// Samples whose given label is wrong by the reference; nil when unknown.
    public var knownErrors: Int?
    /// How many of the known errors have a suggestion.
    public var foundErrors: Int?

    /// Creates the judgement of the suggestions.
    public init(reference: String, bins: [Bin], knownErrors: Int? = nil, foundErrors: Int? = nil) {
      self.reference = reference
      self.bins = bins
      self.knownErrors = knownErrors
      self.foundErrors = foundErrors
    }

    /// Suggestions of one range of confidence.
    public struct Bin: Codable, Sendable, Hashable {
      /// The lowest confidence.
      public var lower: Double
      /// The highest confidence.
      public var upper: Double
      /// Suggestions in the range that can be judged.
      public var suggestions: Int
      /// How many of them are right.
      public var correct: Int

      /// Creates one bin.
      public init(lower: Double, upper: Double, suggestions: Int, correct: Int) {
        self.lower = lower
        self.upper = upper
        self.suggestions = suggestions
        self.correct = correct
      }
    }
  }

  /// Counts of values in adjacent ranges of equal width.
  public struct Histogram: Codable, Sendable, Hashable {
    /// The lowest value of the first range.
    public var lower: Double
    /// The highest value of the last range.
    public var upper: Double
    /// The count of each range.
    public var counts: [Int]

    /// Creates a histogram from its counts.
    public init(lower: Double, upper: Double, counts: [Int]) {
      self.lower = lower
      self.upper = upper
      self.counts = counts
    }

    /// Counts values by range.
    ///
    /// Values outside `range` go to the first or the last bin; NaN is not counted.
    public init(of values: some Sequence<Double>, in range: ClosedRange<Double> = 0...1, bins: Int = 20) {
      precondition(bins > 0, "A histogram has at least one bin")
      precondition(range.upperBound > range.lowerBound, "A histogram covers a range")
      var counts = [Int](repeating: 0, count: bins)
      for value in values where !value.isNaN {
        let position = (value - range.lowerBound) / (range.upperBound - range.lowerBound) * Double(bins)
        counts[Int(min(max(position, 0), Double(bins - 1)))] += 1
      }
      self.init(lower: range.lowerBound, upper: range.upperBound, counts: counts)
    }
  }
}
