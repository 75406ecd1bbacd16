/// What a check says about one sample.
public struct Finding: Sendable, Codable, Hashable {
  /// The name of the check.
  public var check: String
  /// The sample it is about.
  public var sample: Int64
  /// From 0 (severe) to 1 (fine).
  public var score: Double
  /// Findings of one group belong together: the members of a cluster of duplicates.
  public var group: String?
  /// What was found, for a person.
  public var detail: String

  /// Creates a finding.
  public init(check: String, sample: Int64, score: Double, group: String? = nil, detail: String) {
    self.check = check
    self.sample = sample
    self.score = score
    self.group = group
    self.detail = detail
  }
}
