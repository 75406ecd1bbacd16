/// Everything a report can say about one curated dataset; `HTMLReport` turns it into a page.
///
/// Whatever was not measured is nil or empty, and its section is left out of the page.
/// The values are plain numbers and names: a report can be made from a dataset file, from a saved JSON or in a test.
public struct ReportContent: Codable, Sendable, Hashable {
  /// The heading of the page, usually the name of the dataset.
  public var title: String
  /// When the report was made, as it shall be printed (ISO 8601 by convention); nil keeps repeated runs byte-identical.
  public var generatedAt: String?
  /// Name and version of the program, such as `fercure 0.1.0`.
  public var toolVersion: String?
  /// The effective recipe, as text.
  public var recipe: String?
  /// The seed from which every random choice of the run follows.
  public var seed: UInt64?
  /// What the dataset consists of.
  public var dataset: Dataset?
  /// Samples per class before and after each step that changes them.
  public var balance: Balance?
  /// What each check found; nil when no check ran, empty when none found anything.
  public var findings: [Check]?
  /// What the audit proposes.
  public var suggestions: Suggestions?
  /// What was changed, and by whom; nil when changes are unknown, empty when nothing was changed.
  public var changes: [Change]?
  /// First label (rows) against present label (columns) of the samples whose label changed.
  public var corrections: LabelMatrix?
  /// Learning curves, in the order in which they shall be drawn.
  public var training: [TrainingRun]
  /// Evaluations of several models on the same rows; the first one is the headline of the page.
  public var evaluations: [Comparison]
  /// Where the networks look, a model each.
  public var explanations: [Explanation]
  /// How long each step took, in the order of the work.
  public var steps: [Step]
  /// What was done to the dataset, in order.
  public var runs: [RunLine]
  /// The commands that repeat the work, a line each.
  public var commands: [String]

  /// Creates the content of a report; what is not given is not shown.
  public init(
    title: String, generatedAt: String? = nil, toolVersion: String? = nil, recipe: String? = nil, seed: UInt64? = nil,
    dataset: Dataset? = nil, balance: Balance? = nil, findings: [Check]? = nil, suggestions: Suggestions? = nil,
    changes: [Change]? = nil, corrections: LabelMatrix? = nil, training: [TrainingRun] = [],
    evaluations: [Comparison] = [], explanations: [Explanation] = [], steps: [Step] = [], runs: [RunLine] = [],
    commands: [String] = []
  ) {
    self.title = title
    self.generatedAt = generatedAt
    self.toolVersion = toolVersion
    self.recipe = recipe
    self.seed = seed
    self.dataset = dataset
    self.balance = balance
    self.findings = findings
    self.suggestions = suggestions
    self.changes = changes
    self.corrections = corrections
    self.training = training
    self.evaluations = evaluations
    self.explanations = explanations
    self.steps = steps
    self.runs = runs
    self.commands = commands
  }

  /// One run of the dataset's history.
  public struct RunLine: Codable, Sendable, Hashable {
    /// The number by which it can be undone.
    public var number: Int64
    /// What was done: `ingest`, `audit`, `resolve`.
    public var kind: String
    /// When it began, in ISO 8601.
    public var started: String
    /// How it ended.
    public var outcome: String
    /// The version of the program.
    public var version: String

    /// Creates one line of the history.
    public init(number: Int64, kind: String, started: String, outcome: String, version: String) {
      self.number = number
      self.kind = kind
      self.started = started
      self.outcome = outcome
      self.version = version
    }
  }

  /// The time one step of the work took.
  public struct Step: Codable, Sendable, Hashable {
    /// The name of the step.
    public var name: String
    /// Wall-clock seconds.
    public var seconds: Double

    /// Creates the time of one step.
    public init(name: String, seconds: Double) {
      self.name = name
      self.seconds = seconds
    }
  }
}
