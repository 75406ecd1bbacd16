/// The derivative gathered on the straight way from a blank picture to this one, times the way: the shares of the pixels in
/// the difference of the two scores.
///
/// The blank picture is gray as the mean of the training pixels (0 once normalised). The integral is a midpoint sum, whose steps are
/// doubled until the shares add up to the difference within `tolerance`.
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
  public init(steps: Int = 64, mostSteps: Int = 512, tolerance: Double = 0.01) {
    self.steps = steps
    self.mostSteps = mostSteps
    self.tolerance = tolerance
  }

  /// Explains all pictures; the measure `gap` is what is missing from the difference of the scores, as a share of it.
  public func explain(_ questions: [Question], of probe: Probe) throws -> [Explanation] {
    guard !questions.isEmpty else { return [] }
    let differences = try differences(questions, of: probe)
    var results = [Explanation?](repeating: nil, count: questions.count)
    var (open, steps) = (Array(questions.indices), steps)
    while !open.isEmpty {
      let shares = try shares(open.map { questions[$0] }, steps: steps, of: probe)
      for (index, share) in zip(open, shares) {
        let gap = abs(share.reduce(0.0) { $0 + Double($1) } - differences[index]) / max(1e-6, abs(differences[index]))
        results[index] = Explanation(
          map: .total(of: share, probe), measures: ["gap": gap, "steps": Double(steps)])
      }
      steps *= 2
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

  private func shares(_ questions: [Question], steps: Int, of probe: Probe) throws -> [[Float]] {
    var sums = [[Float]](repeating: [Float](repeating: 0, count: probe.inputCount), count: questions.count)
    try probe.backward(
      questions.count * steps, target: { questions[$0 / steps].target },
      writing: { index, target in
        let scale = (Float(index % steps) + 0.5) / Float(steps)
        for (i, value) in questions[index / steps].input.enumerated() { target[i] = value * scale }
      },
      reading: { index, pass in
        for (i, value) in pass.inputGradient.enumerated() { sums[index / steps][i] += value }
      })
    return zip(questions, sums).map { question, sum in zip(question.input, sum).map { $0 * $1 / Float(steps) } }
  }
}
