public import Curation

extension ReportContent {
  /// Several models judged on the same rows by the same reference, such as raw against curated.
  public struct Comparison: Codable, Sendable, Hashable {
    /// The split the rows come from.
    public var split: Split
    /// Which of its rows.
    public var rows: Rows
    /// What the predictions are compared with.
    public var reference: Reference
    /// The models, the one to compare with first.
    public var evaluations: [Evaluation]

    /// Creates a comparison.
    public init(split: Split, rows: Rows = .all, reference: Reference = .labels, evaluations: [Evaluation]) {
      self.split = split
      self.rows = rows
      self.reference = reference
      self.evaluations = evaluations
    }

    /// Which rows of a split are judged.
    public enum Rows: String, Codable, Sendable {
      /// Every row.
      case all
      /// Rows without a copy in the training split.
      case notLeaked = "not-leaked"
      /// Rows with a copy in the training split.
      case leaked
    }

    /// What predictions are compared with.
    public enum Reference: String, Codable, Sendable {
      /// The labels of the dataset.
      case labels
      /// The majority of several people.
      case votes
      /// The truth a generated dataset was drawn from.
      case truth
    }
  }

  /// How one model does.
  public struct Evaluation: Codable, Sendable, Hashable {
    /// The name of the model: `raw`, `curated`.
    public var name: String
    /// Rows judged.
    public var samples: Int
    /// Share of rows classified right, from 0 to 1.
    public var accuracy: Double
    /// Mean of the classes' F1, from 0 to 1.
    public var macroF1: Double
    /// Mean loss.
    public var loss: Double?
    /// The figures of each class.
    public var classes: [ClassScore]
    /// Truth (rows) against prediction (columns).
    public var confusion: LabelMatrix?

    /// Creates an evaluation.
    public init(
      name: String, samples: Int, accuracy: Double, macroF1: Double, loss: Double? = nil, classes: [ClassScore] = [],
      confusion: LabelMatrix? = nil
    ) {
      self.name = name
      self.samples = samples
      self.accuracy = accuracy
      self.macroF1 = macroF1
      self.loss = loss
      self.classes = classes
      self.confusion = confusion
    }

    /// How well one class is told from the others.
    public struct ClassScore: Codable, Sendable, Hashable {
      /// The class.
      public var label: String
      /// Share of its predictions that are right.
      public var precision: Double
      /// Share of its rows that are found.
      public var recall: Double
      /// Harmonic mean of precision and recall.
      public var f1: Double
      /// Its rows.
      public var support: Int

      /// Creates the figures of a class.
      public init(label: String, precision: Double, recall: Double, f1: Double, support: Int) {
        self.label = label
        self.precision = precision
        self.recall = recall
        self.f1 = f1
        self.support = support
      }
    }
  }
}
