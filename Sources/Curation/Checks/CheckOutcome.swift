/// What checks found, and what they measured on the way.
public struct CheckOutcome: Sendable {
  /// The findings, check after check, each in order of id.
  public var findings: [Finding] = []
  /// The pairs of almost equal pictures; nil unless a check searched for them.
  public var pairs: [NearPair]?
  /// For each check that scores every picture, in the order of the checks: the score of every sample by id.
  public private(set) var scores: [(check: String, scores: [Int64: Double])] = []

  /// Creates an empty outcome.
  public init() {}

  /// Keeps the scores of distinct pictures for the samples that show them.
  mutating func add(_ scores: [Double?], of check: String, _ pass: PicturePass) {
    var bySample: [Int64: Double] = [:]
    bySample.reserveCapacity(pass.samples.count)
    pass.forEachSample { sample, place in bySample[sample.id] = scores[place] }
    self.scores.append((check, bySample))
  }
}
