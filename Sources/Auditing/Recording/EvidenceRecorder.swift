internal import Curation
internal import Foundation
internal import Randomness
internal import Training

/// Trains an audit's networks and records what all auditors go by.
struct EvidenceRecorder {
  let recipe: AuditRecipe
  let seed: UInt64
  let work: URL

  /// Votes of this many distinct pictures are needed before they tell how labels err.
  static let fewestVotes = 200
  /// In small datasets a larger share is made wrong, up to a twentieth: so many labels a class tell something.
  static let injectedPerClass = 15.0

  /// Folds of the models that tell pictures without a face: they learn in a second, so there may be many.
  private static let facelessFolds = 10

  /// Trains the networks, or reads what is left of them.
  ///
  /// - Parameter networks: which to train; all of them, unless told otherwise. Nothing is known of samples that none judges.
  func record(
    _ source: some SampleSource, votes: [Int64: Votes], networks: [AuditNetwork]? = nil,
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
    let known = ShownVotes(votes, samples: samples, classes: classes, recipe: recipe, seed: seed)
    let recipe = recipe.lengthened(training: samples.count { $0.split == .train }, taughtByVotes: known.teach)
    let networks = networks ?? AuditNetwork.all(of: recipe, taughtByVotes: known.teach)
    let injected = injected(
      samples, labels: labels, votes: known.teach ? votes : [:], folds: folds, networks: networks,
      classes: classes.count)
    var gathering = Gathering(
      samples: samples, classes: classes, labels: labels, folds: folds, votes: votes, recipe: recipe,
      hasWhole: networks.contains { $0.part == .whole }, injected: injected)
    var histories: [[EpochMetrics]] = []
    for network in networks {
      let part = network.part
      let recording = NetworkRecording(
        recipe: recipe, network: network, classes: classes, seed: seed, files: NetworkFiles(folder: work, part: part))
      let members = samples.indices.filter { samples[$0].split == .train && part.learns(from: folds.heldOutBy[$0]) }
      let told = members.map { index in
        injected[index].flatMap { $0.teller == part ? $0.label : nil } ?? labels[index]
      }
      let plan = NetworkRecording.Plan(
        members: members,
        judged: samples.indices.filter { gathering.isAsked(part, about: $0) },
        targets: known.teach
          ? targets(members, told: told, samples, labels: labels, votes: votes, shown: known.shown, classes: classes)
          : TrainingTargets(labels: told))
      let outcome = try recording.run(set, plan, observe: observe)
      try gathering.add(recording, plan, outcome: outcome)
      try observe(.progress("Comparing neighbours", done: network.number + 1, total: networks.count))
      histories.append(outcome.history)
    }
    var evidence = gathering.evidence()
    evidence.probes = known.probes
    if recipe.usesVotes {
      let folds = Folds(samples, count: Self.facelessFolds, seed: seed)
      evidence.notAFace = FacelessModel.probabilities(samples: samples, votes: votes, folds: folds) {
        PictureTraits(set)
      }
    }
    return (evidence, histories)
  }

  /// What the members of a network should be: what several people saw, where it is shown that, or else their label.
  ///
  /// How labels err is counted on all votes.
  private func targets(
    _ members: [Int], told: [Int], _ samples: [Sample], labels: [Int], votes: [Int64: Votes], shown: [Int64: Votes],
    classes: [String]
  ) -> TrainingTargets {
    var distributions: [Int: [Float]] = [:]
    var counted: [(label: Int, truth: Int)] = []
    var seen: Set<String> = []
    for (row, index) in members.enumerated() {
      guard let known = votes[samples[index].id] else { continue }
      if shown[samples[index].id] != nil { distributions[row] = VoteTruth.distribution(known, classes: classes) }
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

  /// The labels that a network is given wrong, by position, where votes teach none of those that have some: the network of all
  /// samples, or, where there is none, the fold behind the one that holds the sample out.
  private func injected(
    _ samples: [Sample], labels: [Int], votes: [Int64: Votes], folds: Folds, networks: [AuditNetwork], classes: Int
  ) -> [Int: (label: Int, teller: TrainingPart)] {
    guard recipe.injected > 0, classes > 1 else { return [:] }
    let training = samples.count { $0.split == .train }
    let share = max(recipe.injected, min(0.05, Self.injectedPerClass * Double(classes) / Double(max(1, training))))
    let hasWhole = networks.contains { $0.part == .whole }
    var generator = SeededGenerator(seed: seed, "injected")
    var result: [Int: (label: Int, teller: TrainingPart)] = [:]
    for (index, sample) in samples.enumerated() {
      // Drawn for every sample, so that one choice does not move all others.
      let (isChosen, shift) = (generator.uniform() < share, Int(generator.uniform() * Double(classes - 1)))
      guard isChosen, sample.split == .train, votes[sample.id] == nil, let holder = folds.heldOutBy[index] else {
        continue
      }
      let teller = hasWhole ? TrainingPart.whole : .without(fold: (holder + 1) % recipe.folds)
      result[index] = ((labels[index] + 1 + shift) % classes, teller)
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
