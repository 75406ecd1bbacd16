internal import Curation
internal import Randomness
internal import Training

/// The votes that networks are shown, and those that they are not.
///
/// Votes of a tenth of the training samples teach networks: they are targets, but for those of the probes, samples from which a
/// regression learns how to read what networks say. Fewer say more where networks do not know them: all are probes.
struct ShownVotes {
  /// By sample.
  let shown: [Int64: Votes]
  /// Samples with votes that no network is shown, by position.
  let probes: Set<Int>

  /// True where votes are targets.
  var teach: Bool { !shown.isEmpty }

  init(_ votes: [Int64: Votes], samples: [Sample], classes: [String], recipe: AuditRecipe, seed: UInt64) {
    let voted = samples.indices.filter { votes[samples[$0].id] != nil }
    let decided = Self.decided(votes, samples: samples, classes: classes)
    guard recipe.usesVotes, Self.teach(decided, samples: samples) else {
      (shown, probes) = ([:], Set(voted))
      return
    }
    guard Double(decided) * recipe.probes >= Double(VoteRegression.fewestProbes) else {
      (shown, probes) = (votes, [])
      return
    }
    let groups = Folds.groups(of: samples)
    let probes = Set(
      voted.filter { index in
        // Copies are chosen together.
        var generator = SeededGenerator(seed: seed, "probe", groups[index])
        return generator.uniform() < recipe.probes
      })
    let hidden = Set(probes.map { samples[$0].id })
    self.probes = probes
    shown = votes.filter { !hidden.contains($0.key) }
  }

  /// Whether there are enough votes to teach networks.
  static func teach(_ votes: [Int64: Votes], samples: [Sample], classes: [String], recipe: AuditRecipe) -> Bool {
    recipe.usesVotes && teach(decided(votes, samples: samples, classes: classes), samples: samples)
  }

  private static func teach(_ decided: Int, samples: [Sample]) -> Bool {
    decided > 0 && decided * 10 >= samples.count { $0.split == .train }
  }

  /// Training samples whose voters are of one mind.
  private static func decided(_ votes: [Int64: Votes], samples: [Sample], classes: [String]) -> Int {
    samples.count { sample in
      sample.split == .train && votes[sample.id].map { VoteTruth.majority($0, classes: classes) != nil } == true
    }
  }
}
