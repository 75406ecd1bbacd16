/// The derivative gathered on the straight way from a blank picture to this one, times the way: the shares of the pixels in
/// the difference of the two scores.
///
/// The blank picture is gray as the mean of the training pixels (0 once normalised). The integral is a midpoint sum, whose steps are
/// cut in three until the shares add up to the difference within `tolerance`: the middle of a step is that of its middle third, so
/// that every derivative counts again in all later sums.
/// Source: Sundararajan, Taly and Yan 2017.
public struct IntegratedGradients: Explainer {
  /// The name on the command line.
  public let name = "integrated-gradients"
  /// One line for listings.
  public let summary = "Shares of the pixels in the difference to a blank picture's score; they add up to it"
  /// Steps of the sum at first.
  public var steps: Int
  /// Steps at which it stops, whatever is still missing.
  public var mostSteps: Int
  /// The largest difference that counts as none, as a share of the difference of the scores.
  public var tolerance: Double

  /// Creates the method.
  public init(steps: Int = 60, mostSteps: Int = 540, tolerance: Double = 0.01) {
    self.steps = steps
    self.mostSteps = mostSteps
    self.tolerance = tolerance
  }

  /// Explains all pictures; the measure `gap` is what is missing from the difference of the scores, as a share of it.
  public func explain(_ questions: [Question], of probe: Probe) throws -> [Explanation] {
    guard !questions.isEmpty else { return [] }
    let differences = try differences(questions, of: probe)
    var results = [Explanation?](repeating: nil, count: questions.count)
    var sums = [[Float]](repeating: [Float](repeating: 0, count: probe.inputCount), count: questions.count)
    var (open, steps) = (Array(questions.indices), steps)
    var places = (0..<steps).map { (Float($0) + 0.5) / Float(steps) }
    while !open.isEmpty {
      try addDerivatives(of: open.map { (index: $0, question: questions[$0]) }, at: places, to: &sums, of: probe)
      for index in open {
        let share = zip(questions[index].input, sums[index]).map { $0 * $1 / Float(steps) }
        let gap = abs(share.reduce(0.0) { $0 + Double($1) } - differences[index]) / max(1e-6, abs(differences[index]))
        results[index] = Explanation(
          map: .total(of: share, probe), measures: ["gap": gap, "steps": Double(steps)])
      }
      steps *= 3
      places = (0..<steps).filter { $0 % 3 != 1 }.map { (Float($0) + 0.5) / Float(steps) }
      open = open.filter { steps <= mostSteps && (results[$0]?.measures["gap"] ?? 0) > tolerance }
    }
    return results.compactMap { $0 }
  }

  /// How far each picture's score is from that of a blank one.
  ///
  /// By the passes that shares come from, which are of 32 bits whatever others are: rounded scores have other differences.
  private func differences(_ questions: [Question], of probe: Probe) throws -> [Double] {
    var logits = [[Float]](repeating: [], count: questions.count + 1)
    try probe.backward(
      logits.count, target: { questions[min($0, questions.count - 1)].target },
      writing: { index, target in
        if index < questions.count {
          _ = target.update(fromContentsOf: questions[index].input)
        } else {
          target.update(repeating: 0)
        }
      }, reading: { index, pass in logits[index] = Array(pass.logits) })
    let blank = logits.removeLast()
    return zip(questions, logits).map { Double($0.target.score($1) - $0.target.score(blank)) }
  }

  /// Adds the score's derivatives at these places on the way, 0 the blank picture and 1 the picture.
  private func addDerivatives(
    of open: [(index: Int, question: Question)], at places: [Float], to sums: inout [[Float]], of probe: Probe
  ) throws {
    try probe.backward(
      open.count * places.count, target: { open[$0 / places.count].question.target },
      writing: { pass, target in
        let (input, place) = (open[pass / places.count].question.input, places[pass % places.count])
        for i in input.indices { target[i] = input[i] * place }
      },
      reading: { number, pass in
        let index = open[number / places.count].index
        for (i, value) in pass.inputGradient.enumerated() { sums[index][i] += value }
      })
  }
}
