/// What the true label is, given what the network sees and what the label says.
///
/// posterior(k | x, y) is proportional to p(k | x) T[k][y]: p from out-of-fold networks, T[k][y] the probability that a
/// sample of true class k is labelled y. T is estimated together with the posterior by expectation maximisation
/// (Dawid and Skene 1979, with the network in the place of the class prior).
public struct NoisePosterior: Sendable {
  /// T[k][y], rows sum to 1.
  public private(set) var transition: [[Double]]
  /// posterior(k) of each sample.
  public private(set) var posteriors: [[Double]]

  /// Estimates transition and posteriors.
  ///
  /// - Parameters:
  ///   - probabilities: p(k | x) of each sample.
  ///   - labels: y of each sample.
  ///   - counts: true where the sample counts for the transition (the training split).
  ///   - iterations: of expectation maximisation.
  public init(probabilities: [[Double]], labels: [Int], counts: [Bool], iterations: Int = 20) {
    let classes = probabilities.first?.count ?? 0
    // Labels are mostly right to begin with, and a rare class must not be explained away by a common one.
    transition = (0..<classes).map { k in (0..<classes).map { $0 == k ? 0.8 : 0.2 / Double(max(1, classes - 1)) } }
    posteriors = probabilities
    for _ in 0..<iterations {
      posteriors = zip(probabilities, labels).map { p, y in
        let joint = (0..<classes).map { max(p[$0], 1e-6) * transition[$0][y] }
        let sum = joint.reduce(0, +)
        return joint.map { $0 / sum }
      }
      // Four imagined samples of each class, three of them labelled right, keep empty rows sensible.
      var counted = (0..<classes).map { k in (0..<classes).map { $0 == k ? 3 : 1 / Double(max(1, classes - 1)) } }
      for (index, posterior) in posteriors.enumerated() where counts[index] {
        for k in 0..<classes { counted[k][labels[index]] += posterior[k] }
      }
      transition = counted.map { row in
        let sum = row.reduce(0, +)
        return row.map { $0 / sum }
      }
    }
  }
}
