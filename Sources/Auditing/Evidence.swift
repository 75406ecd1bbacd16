public import Curation

/// What networks said about every sample, recorded once for all auditors.
///
/// Everything is by position in `samples`; matrices are [N, C] row by row. Only `probabilities` must be there: evidence
/// that was made elsewhere has nothing else, and an auditor that needs more says so.
public struct Evidence: Sendable {
  /// The audited samples.
  public var samples: [Sample]
  /// The names of the classes.
  public var classes: [String]
  /// The given label of each sample.
  public var labels: [Int]
  /// The network that held each sample out; nil when none saw it or a copy of it.
  public var heldOutBy: [Int?]
  /// Probability of each class, [N, C], from networks that never saw the sample or a copy of it; rows sum to 1.
  public var probabilities: [Double]
  /// Votes of several people, by position, where they are known.
  public var votes: [Int: Votes] = [:]
  /// Samples whose votes no network was shown, so that networks treat them like samples without votes.
  public var probes: Set<Int> = []
  /// The label a sample had when people said what it is, where a decision has changed it since.
  public var formerLabels: [Int: Int] = [:]
  /// SCN's importance from networks that never saw the sample.
  public var importance: [Double] = []
  /// Standard deviation of the given label's probability over the last epochs.
  public var instability: [Double] = []
  /// Jensen-Shannon divergence, in bits, between the probabilities of a picture and of its mirror image.
  public var flipDivergence: [Double] = []
  /// Cosine between the features of a picture and of its mirror image.
  public var flipLikeness: [Double] = []
  /// Share of each class among the labels of the nearest training samples, [N, C], weighted by likeness.
  public var neighbours: [Double] = []
  /// How unlike its nearest training samples each sample is: 1 minus the mean cosine.
  public var isolation: [Double] = []
  /// The probability that there is no face, learned from votes that say so; empty where too few do.
  public var notAFace: [Double] = []
  /// What was seen while networks learned from the samples.
  public var dynamics: Dynamics?
  /// Labels that were made wrong on purpose.
  public var injections: [Injection] = []
  /// Feature vectors, [N, D]: from the network of all samples, or where there is none from one that never saw the sample.
  public var features: [Float] = []

  /// Creates evidence of out-of-fold probabilities alone.
  public init(samples: [Sample], classes: [String], labels: [Int], heldOutBy: [Int?], probabilities: [Double]) {
    precondition(labels.count == samples.count && heldOutBy.count == samples.count, "One label a sample")
    precondition(probabilities.count == samples.count * classes.count, "Probabilities are N x C")
    self.samples = samples
    self.classes = classes
    self.labels = labels
    self.heldOutBy = heldOutBy
    self.probabilities = probabilities
  }

  /// Number of samples.
  public var count: Int { labels.count }

  /// True when networks were shown votes: not all samples with votes are probes.
  var showsVotes: Bool { votes.keys.contains { !probes.contains($0) } }

  /// True where a sample counts for estimates: the training split.
  public func isTraining(_ index: Int) -> Bool { samples[index].split == .train }

  /// The samples that thresholds and shares are counted on: those of training, or all where there are none.
  var counted: [Int] {
    let training = labels.indices.filter(isTraining)
    return training.isEmpty ? Array(labels.indices) : training
  }

  /// The sample whose picture networks learned from, by position: the sample itself or, of another split, a copy; nil where none did.
  ///
  /// What a network says about a picture does not depend on which of its copies it learned from; of a copy whose label was made wrong
  /// the large network says nothing.
  var learned: [Int?] {
    guard let dynamics else { return [Int?](repeating: nil, count: count) }
    let injected = Set(injections.map(\.index))
    let own = labels.indices.filter { dynamics.networks[$0] > 0 && !injected.contains($0) }
    let byPicture = Dictionary(own.map { (samples[$0].pixelHash, $0) }, uniquingKeysWith: { first, _ in first })
    return labels.indices.map { index in
      dynamics.networks[index] > 0 ? index : isTraining(index) ? nil : byPicture[samples[index].pixelHash]
    }
  }

  /// The out-of-fold probabilities of one sample.
  public func probabilities(of index: Int) -> ArraySlice<Double> {
    probabilities[(index * classes.count)..<((index + 1) * classes.count)]
  }

  /// The class that more than half of the voters named, by position, for each distinct picture of the training split:
  /// what decides about training labels must not have seen those that models are tested by.
  public func truth() -> [Int: Int] {
    teachingVotes().compactMapValues { VoteTruth.majority($0, classes: classes) }
  }

  /// The same evidence with the labels that people were asked about, where decisions have changed them since: what auditors
  /// say about these samples shows how right their suggestions are.
  func asAsked() -> Evidence {
    var result = self
    for (index, label) in formerLabels { result.labels[index] = label }
    return result
  }

  /// The votes on each distinct picture of the training split, by position.
  func teachingVotes() -> [Int: Votes] {
    var seen: Set<String> = []
    return votes.sorted { $0.key < $1.key }.reduce(into: [:]) { result, known in
      guard isTraining(known.key), seen.insert(samples[known.key].pixelHash).inserted else { return }
      result[known.key] = known.value
    }
  }
}

/// What was seen while networks learned from the samples, over all epochs and networks.
///
/// `networks` is 0 for samples that no network learned from; their other numbers mean nothing.
public struct Dynamics: Sendable {
  /// How many networks learned from the sample under its given label.
  public var networks: [Int]
  /// Mean of the given label's logit minus the largest other one.
  public var margin: [Double]
  /// Mean probability of the given label.
  public var confidence: [Double]
  /// Standard deviation of it over epochs.
  public var variability: [Double]
  /// Share of the epochs in which the given label was the most probable class.
  public var correctness: [Double]
  /// How often a network called the sample right in one epoch and wrong in the next.
  public var forgetting: [Double]
  /// Cross-entropy of the given label when the networks were done.
  public var loss: [Double]
  /// Mean probability of each class after the last epochs, of the picture and its mirror image, [N, C].
  public var probabilities: [Double]
  /// Mean probability of each class over all epochs, of the picture as augmented while it was learned, [N, C].
  public var courseProbabilities: [Double]
  /// How many self-cure networks learned from it: what follows is theirs.
  public var selfCureNetworks: [Int]
  /// Mean importance over the second half of the epochs.
  public var importance: [Double]
  /// The first epoch in which a network relabelled the sample, counted from 1; 0 for never.
  public var relabelEpoch: [Int]
  /// Share of the networks that relabelled it.
  public var relabelledShare: [Double]

  /// Creates dynamics in which nothing was seen.
  public init(count: Int, classes: Int) {
    networks = [Int](repeating: 0, count: count)
    selfCureNetworks = networks
    let zeros = [Double](repeating: 0, count: count)
    (margin, confidence, variability, correctness) = (zeros, zeros, zeros, zeros)
    (forgetting, loss, importance, relabelledShare) = (zeros, zeros, zeros, zeros)
    probabilities = [Double](repeating: 0, count: count * classes)
    courseProbabilities = probabilities
    relabelEpoch = [Int](repeating: 0, count: count)
  }
}

/// A training label that one network was given wrong on purpose.
public struct Injection: Sendable {
  /// Fewer of them than this, all classes together, measure nothing.
  static let fewest = 20

  /// The sample's position.
  public var index: Int
  /// The label that the network was given.
  public var label: Int
  /// What was seen while that network learned: one row.
  public var dynamics: Dynamics
}

extension Evidence {
  /// The same evidence with the injected labels in place of the given ones: what auditors say about these samples shows
  /// how well they recognise a wrong label.
  public func withInjections() -> Evidence {
    var result = self
    let classes = classes.count
    for injection in injections {
      let index = injection.index
      result.labels[index] = injection.label
      result.votes[index] = nil
      guard var dynamics = result.dynamics else { continue }
      let own = injection.dynamics
      dynamics.networks[index] = own.networks[0]
      dynamics.margin[index] = own.margin[0]
      dynamics.confidence[index] = own.confidence[0]
      dynamics.variability[index] = own.variability[0]
      dynamics.correctness[index] = own.correctness[0]
      dynamics.forgetting[index] = own.forgetting[0]
      dynamics.loss[index] = own.loss[0]
      for k in 0..<classes {
        dynamics.probabilities[index * classes + k] = own.probabilities[k]
        dynamics.courseProbabilities[index * classes + k] = own.courseProbabilities[k]
      }
      // A network without SCN's head says nothing of SCN's numbers: what others said stays.
      if own.selfCureNetworks[0] > 0 {
        dynamics.selfCureNetworks[index] = own.selfCureNetworks[0]
        dynamics.importance[index] = own.importance[0]
        dynamics.relabelEpoch[index] = own.relabelEpoch[0]
        dynamics.relabelledShare[index] = own.relabelledShare[0]
      }
      result.dynamics = dynamics
    }
    return result
  }
}
