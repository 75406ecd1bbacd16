internal import Randomness

/// How well maps say what the network relies on: pixels are taken away or given back in the maps' order, and the probability of
/// the target is followed.
///
/// - Deletion: the pixels that count most become gray first; the less probability is left on average, the better.
/// - Insertion: they come back first over a blurred picture; the more there is, the better.
/// - ROAD: least minus most relevant removed, so that the network cannot tell which, at 20, 40, 60 and 80 %; half the
///   difference of the probabilities; the more, the better, and 0 is chance.
///
/// Sources: Petsiuk, Das and Saenko 2018; Rong et al. 2022.
public struct Faithfulness: Sendable {
  /// The means over all pictures.
  public struct Scores: Sendable, Equatable, Codable {
    /// Area under the deletion curve, from 0 to 1; low is good.
    public var deletion: Double
    /// Area under the insertion curve, from 0 to 1; high is good.
    public var insertion: Double
    /// Least minus most relevant removed, halved; high is good.
    public var road: Double
    /// The mean probability after each share of deleted pixels, from none to all.
    public var deletionCurve: [Double]
    /// The mean probability after each share of inserted pixels, from none to all.
    public var insertionCurve: [Double]
  }

  /// Points of a curve after the first.
  public var points: Int
  /// Where chance starts.
  public var seed: UInt64
  private let removed = [0.2, 0.4, 0.6, 0.8]

  /// Creates the measurement.
  public init(points: Int = 16, seed: UInt64 = 7) {
    precondition(points > 0, "A curve has at least two points")
    self.points = points
    self.seed = seed
  }

  /// Measures one map for each question.
  public func scores(_ questions: [Question], maps: [HeatMap], in probe: Probe) throws -> Scores {
    precondition(questions.count == maps.count && !maps.isEmpty, "Every question has its map")
    let (plane, pictures) = (probe.height * probe.width, questions.count)
    let blur = Blur(sigma: Float(min(probe.height, probe.width)) / 10)
    let perPicture = 2 * (points + 1) + 2 * removed.count
    let orders = maps.map(\.order)
    let blurred = questions.map { blur.applied(to: $0.input, height: probe.height, width: probe.width) }
    var answers = [Double](repeating: 0, count: pictures * perPicture)
    try probe.forward(
      pictures * perPicture,
      writing: { index, target in
        let (picture, pass) = (index / perPicture, index % perPicture)
        let (input, order) = (questions[picture].input, orders[picture])
        let values: [Float]
        if pass < 2 * (points + 1) {
          let count = plane * (pass % (points + 1)) / points
          let isDeletion = pass <= points
          var picked = isDeletion ? input : blurred[picture]
          for i in order.prefix(count) {
            for j in stride(from: i, to: input.count, by: plane) { picked[j] = isDeletion ? 0 : input[j] }
          }
          values = picked
        } else {
          let (kind, level) = ((pass - 2 * (points + 1)) / removed.count, (pass - 2 * (points + 1)) % removed.count)
          let count = Int((Double(plane) * removed[level]).rounded())
          var missing = [Bool](repeating: false, count: plane)
          for i in kind == 0 ? order.suffix(count) : order.prefix(count) { missing[i] = true }
          var generator = SeededGenerator(seed: seed, "road", String(picture), String(level))
          values = NoisyImputation().filled(
            input, missing: missing, height: probe.height, width: probe.width, using: &generator)
        }
        _ = target.update(fromContentsOf: values)
      }, reading: { answers[$0] = Double(questions[$0 / perPicture].target.confidence($1.logits)) })

    let means = (0..<perPicture).map { pass in
      (0..<pictures).reduce(0) { $0 + answers[$1 * perPicture + pass] } / Double(pictures)
    }
    let deletion = Array(means[0...points])
    let insertion = Array(means[(points + 1)...(2 * points + 1)])
    let least = means[(2 * points + 2)..<(2 * points + 2 + removed.count)].reduce(0, +)
    let most = means[(2 * points + 2 + removed.count)...].reduce(0, +)
    return Scores(
      deletion: Self.area(deletion), insertion: Self.area(insertion), road: (least - most) / Double(2 * removed.count),
      deletionCurve: deletion, insertionCurve: insertion)
  }

  /// The area under evenly spaced points from 0 to 1, by trapezoids.
  static func area(_ curve: [Double]) -> Double {
    zip(curve, curve.dropFirst()).reduce(0) { $0 + ($1.0 + $1.1) / 2 } / Double(curve.count - 1)
  }

  /// A map that says nothing, the same random order of pixels for every picture: what a method must beat.
  public func chance(height: Int, width: Int) -> HeatMap {
    var generator = SeededGenerator(seed: seed, "chance")
    return HeatMap(height: height, width: width, values: (0..<height * width).map { _ in Float(generator.uniform()) })
  }

  /// A map that only knows where faces are, falling off from the middle: what a method should beat.
  public static func centre(height: Int, width: Int) -> HeatMap {
    let values = (0..<height * width).map { i in
      let y = (Float(i / width) + 0.5) / Float(height) - 0.5
      let x = (Float(i % width) + 0.5) / Float(width) - 0.5
      return 1 - (y * y + x * x)
    }
    return HeatMap(height: height, width: width, values: values)
  }
}
