public import Curation
public import Foundation
internal import NeuralNet
public import Training

/// SCN out of fold: every sample is judged by self-cure networks that saw neither it nor a copy of it.
///
/// One network a fold is trained with importance weighting, rank regularization and relabelling; its predictions over
/// the last epochs, flipped and not, are averaged. Network and label together give the probability of each class
/// (`NoisePosterior`); where votes are known, confidences are calibrated on the votes of other folds.
public struct SelfCureAudit: Auditor {
  /// The name on the command line and in recipes.
  public static let name = "self-cure"
  /// One line for `fercure list auditors`.
  public static let summary = "SCN out of fold: importance, margin and relabel epoch of each sample"

  private let recipe: AuditRecipe
  private let seed: UInt64

  /// Creates the auditor.
  public init(recipe: AuditRecipe, seed: UInt64) {
    self.recipe = recipe
    self.seed = seed
  }

  /// Trains the folds and scores every labelled sample.
  public func audit(
    _ source: some SampleSource, votes: [Int64: Votes], work: URL, observe: (AuditEvent) throws -> Void
  ) throws -> AuditResult {
    let classes = try source.classes()
    let number = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let samples = try source.samples().filter { $0.label != nil && $0.encoding != .derived }
    guard samples.contains(where: { $0.split == .train }) else {
      throw TrainingError.noSamples("no sample of the training split has a label")
    }
    let labels = samples.map { number[$0.label ?? ""] ?? 0 }
    let set = try ImageSet(samples, from: source, channels: recipe.train.channels, size: recipe.train.size) {
      try observe(.progress("Loading pictures", done: $0, total: $1))
    }
    let targets = recipe.usesVotes ? distributions(samples, votes: votes, classes: classes) : [:]
    let folds = Folds(samples, count: recipe.folds, seed: seed)
    var evidence = Evidence(count: samples.count, classes: classes.count)
    var histories: [[EpochMetrics]] = []
    for fold in 0..<recipe.folds {
      let training = FoldTraining(recipe: recipe, classes: classes, seed: seed, fold: fold, work: work)
      let members = samples.indices.filter { samples[$0].split == .train && folds.heldOutBy[$0] != fold }
      let judged = samples.indices.filter { folds.heldOutBy[$0] == nil || folds.heldOutBy[$0] == fold }
      let verdicts = try training.run(
        set, labels: labels, targets: targets, members: members, judged: judged, observe: observe)
      evidence.add(verdicts, members: members, judged: judged)
      histories.append(verdicts.history)
    }
    return Judgement(samples: samples, labels: labels, classes: classes, votes: votes, folds: folds, recipe: recipe)
      .result(evidence.averaged(), histories: histories)
  }

  private func distributions(_ samples: [Sample], votes: [Int64: Votes], classes: [String]) -> [Int: [Float]] {
    var result: [Int: [Float]] = [:]
    for (index, sample) in samples.enumerated() {
      guard let known = votes[sample.id] else { continue }
      result[index] = VoteTruth.distribution(known, classes: classes)
    }
    return result
  }
}
