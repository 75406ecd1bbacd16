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
    var record = Record()
    for one in judged { record.add(one) }
    self.init(record)
  }

  /// Learns from decisions that were counted as they came.
  public init(_ record: Record) {
    bins = record.bins.map { counts in
      let isRandom = counts.random >= Self.enoughRandom
      return Bin(
        judged: isRandom ? counts.random : counts.all, right: isRandom ? counts.randomRight : counts.right,
        isRandom: isRandom)
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
  public func expectation(of confidences: some Sequence<Double>) -> Expectation {
    var tally = Tally()
    for confidence in confidences { tally.add(confidence) }
    return expectation(of: tally)
  }

  /// What accepting suggestions would bring, those below a tenth of confidence left out.
  ///
  /// The margin covers both the luck of these suggestions and what so few decisions leave unknown about their tenths.
  public func expectation(of tally: Tally, fromBin lowest: Int = 0) -> Expectation {
    var result = Expectation(count: 0, right: 0, margin: 0, judged: 0)
    var variance = 0.0
    for (bin, members) in zip(bins, tally.bins).dropFirst(lowest) where members.count > 0 {
      // p = a + b c for every suggestion of a tenth, so that sums of c and of its square are all that is needed.
      let weight = Double(bin.judged) + Self.priorWeight
      let (a, b) = (Double(bin.right) / weight, Self.priorWeight / weight)
      let count = Double(members.count)
      let sum = a * count + b * members.sum
      let squares = a * a * count + 2 * a * b * members.sum + b * b * members.squares
      let mean = sum / count
      variance += max(0, sum - squares) + count * count * mean * (1 - mean) / (weight + 1)
      result.count += members.count
      result.right += sum
      result.judged += bin.judged
    }
    result.margin = 1.96 * max(0, variance).squareRoot()
    return result
  }
}

extension PrecisionEstimate {
  /// Decisions counted by tenth of confidence, one by one.
  public struct Record: Sendable, Hashable {
    struct Counts: Hashable {
      var all = 0
      var right = 0
      var random = 0
      var randomRight = 0
    }

    private(set) var bins = Array(repeating: Counts(), count: 10)

    /// Creates a record of nothing.
    public init() {}

    /// Counts a decision.
    public mutating func add(_ judged: Judged) { count(judged, 1) }

    /// Counts a decision no longer.
    public mutating func remove(_ judged: Judged) { count(judged, -1) }

    private mutating func count(_ judged: Judged, _ step: Int) {
      let number = PrecisionEstimate.bin(of: judged.confidence)
      bins[number].all += step
      if judged.isRight { bins[number].right += step }
      if judged.isRandom { bins[number].random += step }
      if judged.isRandom && judged.isRight { bins[number].randomRight += step }
    }
  }

  /// Suggestions counted by tenth of confidence, one by one.
  public struct Tally: Sendable, Hashable {
    struct Members: Hashable {
      var count = 0
      var sum = 0.0
      var squares = 0.0
    }

    private(set) var bins = Array(repeating: Members(), count: 10)

    /// Creates a tally of nothing.
    public init() {}

    /// Counts a suggestion of this confidence.
    public mutating func add(_ confidence: Double) { count(confidence, 1) }

    /// Counts a suggestion of this confidence no longer.
    public mutating func remove(_ confidence: Double) { count(confidence, -1) }

    private mutating func count(_ confidence: Double, _ step: Int) {
      let number = PrecisionEstimate.bin(of: confidence)
      bins[number].count += step
      bins[number].sum += Double(step) * confidence
      bins[number].squares += Double(step) * confidence * confidence
    }
  }
}
