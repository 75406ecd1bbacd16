/// What one check found, in a line.
public struct CheckSummary: Sendable, Codable, Hashable {
  /// The name of the check.
  public var check: String
  /// How many samples it flagged.
  public var samples: Int
  /// How many groups they form; 0 for checks that judge samples one by one.
  public var groups: Int
  /// The lowest score, 0 (severe) to 1 (fine); nil when nothing was flagged.
  public var worst: Double?

  /// Counts the findings of one check.
  public init(check: String, findings: [Finding]) {
    self.check = check
    samples = Set(findings.map(\.sample)).count
    groups = Set(findings.compactMap(\.group)).count
    worst = findings.map(\.score).min()
  }
}
