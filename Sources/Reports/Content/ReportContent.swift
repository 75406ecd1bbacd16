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
  /// Learning curves, in the order in which they shall be drawn.
  public var training: [TrainingRun]
  /// Evaluations of several models on the same rows; the first one is the headline of the page.
  public var evaluations: [Comparison]
  /// How long each step took, in the order of the work.
  public var steps: [Step]
  /// The commands that repeat the work, a line each.
  public var commands: [String]

  /// Creates the content of a report; what is not given is not shown.
  public init(
    title: String, generatedAt: String? = nil, toolVersion: String? = nil, recipe: String? = nil, seed: UInt64? = nil,
    dataset: Dataset? = nil, balance: Balance? = nil, findings: [Check]? = nil, suggestions: Suggestions? = nil,
    changes: [Change]? = nil, training: [TrainingRun] = [], evaluations: [Comparison] = [], steps: [Step] = [],
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
    self.training = training
    self.evaluations = evaluations
    self.steps = steps
    self.commands = commands
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
