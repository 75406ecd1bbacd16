internal import Training

/// What all folds together measured, by position of the sample.
struct Evidence {
  /// Out-of-fold probabilities.
  var probabilities: [[Double]]
  /// SCN's importance, out of fold.
  var importance: [Double]
  /// The first epoch in which a network that trained on the sample relabelled it; 0 for never.
  var relabelEpoch: [Int]
  /// How many networks trained on the sample relabelled it, and how many trained on it.
  var relabelled: [(times: Int, of: Int)]
  private var judges: [Int]

  init(count: Int, classes: Int) {
    probabilities = [[Double]](repeating: [Double](repeating: 0, count: classes), count: count)
    importance = [Double](repeating: 0, count: count)
    relabelEpoch = [Int](repeating: 0, count: count)
    relabelled = [(times: Int, of: Int)](repeating: (0, 0), count: count)
    judges = [Int](repeating: 0, count: count)
  }

  /// Adds what one fold's network found.
  mutating func add(_ verdicts: FoldTraining.Verdicts, members: [Int], judged: [Int]) {
    let classes = probabilities.first?.count ?? 0
    for (row, index) in judged.enumerated() {
      judges[index] += 1
      importance[index] += Double(verdicts.importance[row])
      for k in 0..<classes { probabilities[index][k] += Double(verdicts.probabilities[row * classes + k]) }
    }
    for (row, index) in members.enumerated() {
      let epoch = verdicts.relabelEpochs[row]
      relabelled[index].of += 1
      guard epoch > 0 else { continue }
      relabelled[index].times += 1
      relabelEpoch[index] = relabelEpoch[index] == 0 ? epoch : min(relabelEpoch[index], epoch)
    }
  }

  /// The means over the networks that judged each sample.
  func averaged() -> Evidence {
    var result = self
    for (index, count) in judges.enumerated() where count > 0 {
      result.importance[index] /= Double(count)
      let sum = probabilities[index].reduce(0, +)
      result.probabilities[index] = probabilities[index].map { $0 / sum }
    }
    return result
  }
}
