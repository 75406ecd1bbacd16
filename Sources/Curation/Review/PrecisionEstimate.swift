/// How often suggestions are right, learned from the decisions so far: tells what accepting the others would bring.
///
/// In each tenth of confidence the audit's own claim counts as much as `priorWeight` decisions, so that the estimate
/// starts where the audit is and moves to what people say. Faces from the top of a list are no fair sample of a tenth:
/// where enough of its decisions were drawn by chance, only those count.
public struct PrecisionEstimate: Sendable, Hashable {
  /// As many decisions as the audit's claim is worth.
  public static let priorWeight = 4.0
  /// From so many on, only decisions about faces drawn by chance count.
  public static let enoughRandom = 20

  /// A decision about one suggestion.
  public struct Judged: Sendable, Hashable {
    /// The suggestion's confidence.
    public var confidence: Double
    /// Whether it was accepted.
    public var isRight: Bool
    /// Whether the face was drawn by chance.
    public var isRandom: Bool

    /// Creates a judged suggestion.
    public init(confidence: Double, isRight: Bool, isRandom: Bool) {
      self.confidence = confidence
      self.isRight = isRight
      self.isRandom = isRandom
    }
  }

  /// The decisions about suggestions of one tenth of confidence.
  public struct Bin: Sendable, Codable, Hashable {
    /// Decisions that count.
    public var judged = 0
    /// How many of them accepted.
    public var right = 0
    /// Whether only faces drawn by chance count.
    public var isRandom = false
  }

  /// What is to be expected of a set of suggestions.
  public struct Expectation: Sendable, Codable, Hashable {
    /// Suggestions.
    public var count: Int
    /// How many are expected to be right.
    public var right: Double
    /// The half width of the 95 % interval around `right`.
    public var margin: Double
    /// The decisions that the expectation rests on.
    public var judged: Int

    /// The share expected to be right; nil of nothing.
    public var share: Double? { count == 0 ? nil : right / Double(count) }
  }

  /// Ten bins, by rising confidence.
  public let bins: [Bin]

  /// Learns from decisions.
  public init(_ judged: some Sequence<Judged>) {
    let grouped = Dictionary(grouping: judged) { Self.bin(of: $0.confidence) }
    bins = (0..<10).map { number in
      let all = grouped[number] ?? []
      let random = all.filter(\.isRandom)
      let isRandom = random.count >= Self.enoughRandom
      let counted = isRandom ? random : all
      return Bin(judged: counted.count, right: counted.count(where: \.isRight), isRandom: isRandom)
    }
  }

  /// The number of the tenth that a confidence belongs to.
  public static func bin(of confidence: Double) -> Int { min(9, max(0, Int(confidence * 10))) }

  /// The estimated probability that accepting a suggestion of this confidence is right.
  public func probability(_ confidence: Double) -> Double {
    let bin = bins[Self.bin(of: confidence)]
    return (Double(bin.right) + Self.priorWeight * confidence) / (Double(bin.judged) + Self.priorWeight)
  }

  /// What accepting suggestions of these confidences would bring.
  ///
  /// The margin covers both the luck of these suggestions and what so few decisions leave unknown about their tenths.
  public func expectation(of confidences: some Sequence<Double>) -> Expectation {
    var members = Array(repeating: 0, count: 10)
    var sums = Array(repeating: 0.0, count: 10)
    var variance = 0.0
    for confidence in confidences {
      let p = probability(confidence)
      let number = Self.bin(of: confidence)
      members[number] += 1
      sums[number] += p
      variance += p * (1 - p)
    }
    var judged = 0
    for (number, bin) in bins.enumerated() where members[number] > 0 {
      let mean = sums[number] / Double(members[number])
      let unknown = mean * (1 - mean) / (Double(bin.judged) + Self.priorWeight + 1)
      variance += Double(members[number] * members[number]) * unknown
      judged += bin.judged
    }
    return Expectation(
      count: members.reduce(0, +), right: sums.reduce(0, +), margin: 1.96 * variance.squareRoot(), judged: judged)
  }
}
