/// SCN's relabelling, as a proposal: the labels that a training network works with, and how they came about.
///
/// The dataset's labels are never touched. A sample is relabelled when the best class is ahead of its label by more than
/// the margin; in the paper only if it is in the low-importance group, in the published code whoever it is.
/// A new label counts from the sample's next step on.
struct SelfCureRelabeling: Codable, Equatable {
  /// The working label of each training sample.
  private(set) var labels: [Int]
  /// The first epoch in which each sample was relabelled, or would have been, counted from 1; 0 for never.
  private(set) var firstEpoch: [Int]
  /// Samples that never change: their target is known from votes.
  private var isFixed: [Bool]

  init(labels: [Int], fixed: [Bool]) {
    self.labels = labels
    firstEpoch = [Int](repeating: 0, count: labels.count)
    isFixed = fixed
  }

  /// Number of samples whose working label was ever changed, or would have been.
  var relabelledCount: Int { firstEpoch.count { $0 > 0 } }

  /// Looks at one batch after its step; `epoch` is counted from 1.
  mutating func observe(
    batch: [Int], result: SelfCureLoss.Result, classes: Int, epoch: Int, recipe: SelfCureRecipe
  ) {
    guard epoch >= recipe.relabelFrom else { return }
    for (row, sample) in batch.enumerated() where !isFixed[sample] {
      guard recipe.relabelScope == .any || result.isLow[row] else { continue }
      let probabilities = result.probabilities[(row * classes)..<((row + 1) * classes)]
      guard let best = probabilities.indices.max(by: { probabilities[$0] < probabilities[$1] }) else { continue }
      let given = probabilities[row * classes + labels[sample]]
      guard probabilities[best] - given > recipe.relabelMargin else { continue }
      if recipe.relabels { labels[sample] = best - row * classes }
      if firstEpoch[sample] == 0 { firstEpoch[sample] = epoch }
    }
  }
}
