internal import Curation
internal import Foundation
internal import Randomness
internal import Training

/// Trains a self-cure network on all samples and one a fold on the others, and records what all auditors go by.
struct EvidenceRecorder {
  let recipe: AuditRecipe
  let seed: UInt64
  let work: URL

  /// Votes of this many distinct pictures are needed before they tell how labels err.
  static let fewestVotes = 200
  /// In small datasets a larger share is made wrong, up to a twentieth: so many labels a class tell something.
  static let injectedPerClass = 15.0

  /// Trains the networks, or reads what is left of them.
  ///
  /// - Parameter parts: which networks; all of them, unless told otherwise. Nothing is known of samples that none judges.
  func record(
    _ source: some SampleSource, votes: [Int64: Votes], parts: [TrainingPart]? = nil,
    observe: (AuditEvent) throws -> Void
  ) throws -> (evidence: Evidence, histories: [[EpochMetrics]]) {
    let classes = try source.classes()
    let samples = try AuditSamples.of(source)
    guard samples.contains(where: { $0.split == .train }) else {
      throw TrainingError.noSamples("no sample of the training split has a label")
    }
    let labels = AuditSamples.labels(samples, classes: classes)
    let set = try ImageSet(samples, from: source, channels: recipe.train.channels, size: recipe.train.size) {
      try observe(.progress("Loading pictures", done: $0, total: $1))
    }
    let folds = Folds(samples, count: recipe.folds, seed: seed)
    var gathering = Gathering(
      samples: samples, classes: classes, labels: labels, folds: folds, votes: votes, recipe: recipe,
      traits: FacelessModel.canLearn(from: votes.values, recipe) ? PictureTraits(set) : nil)
    let probes = probes(samples, votes: votes, classes: classes)
    let injected = injected(samples, labels: labels, votes: votes, classes: classes.count)
    var histories: [[EpochMetrics]] = []
    let parts = parts ?? TrainingPart.all(folds: recipe.folds)
    for part in parts {
      let recording = NetworkRecording(
        recipe: recipe, classes: classes, seed: seed, files: NetworkFiles(folder: work, part: part))
      let members = samples.indices.filter { samples[$0].split == .train && part.learns(from: folds.heldOutBy[$0]) }
      let told = members.map { (part == .whole ? injected[$0] : nil) ?? labels[$0] }
      let plan = NetworkRecording.Plan(
        members: members,
        judged: samples.indices.filter { part.isAsked(about: samples[$0], heldOutBy: folds.heldOutBy[$0]) },
        targets: targets(
          members, told: told, samples: samples, labels: labels, votes: votes, probes: probes, classes: classes))
      let outcome = try recording.run(set, plan, observe: observe)
      try gathering.add(recording, plan, outcome: outcome, injected: injected)
      try observe(.progress("Comparing neighbours", done: part.number + 1, total: parts.count))
      histories.append(outcome.history)
    }
    var evidence = gathering.evidence()
    evidence.probes = probes
    return (evidence, histories)
  }

  /// The samples whose votes no network is shown; none where so few votes are known that networks need all of them.
  private func probes(_ samples: [Sample], votes: [Int64: Votes], classes: [String]) -> Set<Int> {
    guard recipe.usesVotes, recipe.probes > 0 else { return [] }
    let decided = samples.indices.filter { index in
      samples[index].split == .train
        && votes[samples[index].id].map { VoteTruth.majority($0, classes: classes) != nil } == true
    }
    guard Double(decided.count) * recipe.probes >= Double(VoteRegression.fewestProbes) else { return [] }
    let groups = Folds.groups(of: samples)
    return Set(
      samples.indices.filter { index in
        guard votes[samples[index].id] != nil else { return false }
        // Copies are chosen together.
        var generator = SeededGenerator(seed: seed, "probe", groups[index])
        return generator.uniform() < recipe.probes
      })
  }

  /// What the members of a network should be: what several people saw, or else their label.
  private func targets(
    _ members: [Int], told: [Int], samples: [Sample], labels: [Int], votes: [Int64: Votes],
    probes: Set<Int>, classes: [String]
  ) -> TrainingTargets {
    guard recipe.usesVotes else { return TrainingTargets(labels: told) }
    var distributions: [Int: [Float]] = [:]
    var counted: [(label: Int, truth: Int)] = []
    var seen: Set<String> = []
    for (row, index) in members.enumerated() {
      guard let known = votes[samples[index].id], !probes.contains(index) else { continue }
      distributions[row] = VoteTruth.distribution(known, classes: classes)
      guard seen.insert(samples[index].pixelHash).inserted else { continue }
      if let truth = VoteTruth.majority(known, classes: classes) { counted.append((labels[index], truth)) }
    }
    let transition =
      recipe.correctsNoise && counted.count >= Self.fewestVotes
      ? Self.transition(counted, classes: classes.count) : nil
    return TrainingTargets(labels: told, distributions: distributions, transition: transition)
  }

  /// T[k][y]: how often a sample that the voters call k is labelled y; two imagined samples of each class, labelled
  /// right, keep the rows of rare ones sensible.
  static func transition(_ counted: [(label: Int, truth: Int)], classes: Int) -> [[Float]] {
    var table = (0..<classes).map { k in (0..<classes).map { $0 == k ? Float(2) : 0.2 } }
    for pair in counted { table[pair.truth][pair.label] += 1 }
    return table.map { row in
      let sum = row.reduce(0, +)
      return row.map { $0 / sum }
    }
  }

  /// The labels that the network of all samples is given wrong, by position; none of those whose votes are known.
  private func injected(
    _ samples: [Sample], labels: [Int], votes: [Int64: Votes], classes: Int
  ) -> [Int: Int] {
    guard recipe.injected > 0, classes > 1 else { return [:] }
    let training = samples.count { $0.split == .train }
    let share = max(recipe.injected, min(0.05, Self.injectedPerClass * Double(classes) / Double(max(1, training))))
    var generator = SeededGenerator(seed: seed, "injected")
    var result: [Int: Int] = [:]
    for (index, sample) in samples.enumerated() {
      // Drawn for every sample, so that one choice does not move all others.
      let (isChosen, shift) = (generator.uniform() < share, Int(generator.uniform() * Double(classes - 1)))
      guard isChosen, sample.split == .train, votes[sample.id] == nil else { continue }
      result[index] = (labels[index] + 1 + shift) % classes
    }
    return result
  }
}

/// Which samples of a dataset are audited.
enum AuditSamples {
  /// Those with a label that are no copies.
  static func of(_ source: some SampleSource) throws -> [Sample] {
    try source.samples().filter { $0.label != nil && $0.encoding != .derived }
  }

  /// Their labels as positions in the list of classes.
  static func labels(_ samples: [Sample], classes: [String]) -> [Int] {
    let number = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    return samples.map { number[$0.label ?? ""] ?? 0 }
  }
}
