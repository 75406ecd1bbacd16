/// The consensus without votes: what all sources say, weighed, read as labels show it, and doubted as wrong labels ask for.
///
/// Labels that were made wrong on purpose decide about what cannot be read off the given ones: how much each source and the
/// table of labels are to be believed (`Reading`), and how much labels are to be doubted (`LabelDoubt`). All are chosen together, for
/// one thing: that the wrong labels lie where doubt is. A network that came to believe those has come to believe others, and weighs less.
///
/// They also tell how far networks know labels by heart (`SignalPool.memorisation`). To that share the network of all samples has nothing
/// to say but what the label says, and what is left is the word of those that did not learn from the sample: the posterior by all sources
/// and the posterior by these alone are mixed in this proportion. So are those of samples that no network learned, for the temperature
/// and the table by which all sources are read are those of networks that know labels by heart.
struct PooledConsensus {
  /// The weights and the power of the table that were chosen.
  let reading: Reading
  /// The probability of each class, [N, C].
  let posterior: [Double]

  /// A reading is chosen on so many samples at most, spread over all, and on the injected ones.
  private static let mostSamples = 3000

  /// Judges every sample.
  ///
  /// - Parameter movesShares: whether networks learned what labels name, each as it is, held to early learning: then the shares
  ///   of the classes that they find say something.
  init(_ evidence: Evidence, movesShares: Bool) {
    let (labels, classes) = (evidence.labels, evidence.classes.count)
    let pool = SignalPool(evidence)
    /// What labels are by sources that are read so.
    func posteriors(_ rows: [Int], _ reading: Reading) -> Posteriors {
      let model = LabelNoiseModel(
        probabilities: pool.probabilities(of: rows, weights: reading.weights), labels: rows.map { labels[$0] },
        classes: classes, counts: rows.map { evidence.isTraining($0) }, tablePower: reading.tablePower,
        movesShares: movesShares && SignalPool.readsLearning(reading.weights))
      let injected = pool.injected.map {
        model.posterior(pool.probabilities(of: $0, weights: reading.weights), label: $0.label)
      }
      return Posteriors(rows: model.posterior, injected: injected)
    }
    let all = Array(labels.indices)
    let unlearned = pool.memorisation > 0 ? posteriors(all, Reading(weights: pool.heldOutWeights)) : nil
    /// What labels are, but for what networks know by heart.
    func mixture(_ rows: [Int], _ reading: Reading) -> Posteriors {
      let said = posteriors(rows, reading)
      return unlearned.map { said.mixed(with: $0.of(rows, classes: classes), share: pool.memorisation) } ?? said
    }
    /// Doubts about given labels, and about those of the injected samples.
    func doubt(_ rows: [Int], _ posteriors: Posteriors) -> LabelDoubt {
      LabelDoubt(
        natural: rows.enumerated().map {
          .init(value: 1 - posteriors.rows[$0 * classes + labels[$1]], label: labels[$1])
        },
        wrong: zip(pool.injected, posteriors.injected).map { .init(value: 1 - $1[$0.label], label: $0.label) })
    }
    /// Of a sample that no network learned nothing else is believed than what those say that held it out.
    func isDoubted(_ index: Int, _ weights: [Double]) -> Bool {
      !SignalPool.readsLearning(weights) || pool.learned[index] != nil
    }
    let usual = Reading(weights: pool.usualWeights)
    guard pool.injected.count >= Injection.fewest else {
      reading = usual
      posterior = posteriors(all, usual).rows
      return
    }
    let injected = Set(evidence.injections.map(\.index))
    let natural = labels.indices.filter { evidence.isTraining($0) && !injected.contains($0) }
    let open = natural.filter { isDoubted($0, pool.usualWeights) }
    let step = max(1, (open.count + Self.mostSamples - 1) / Self.mostSamples)
    let some = stride(from: 0, to: open.count, by: step).map { open[$0] }
    reading = Reading.best(from: usual) { doubt(some, mixture(some, $0)).worth }
    let weights = reading.weights
    let said = mixture(all, reading)
    let counted = natural.filter { isDoubted($0, weights) }
    let doubt = doubt(counted, said.of(counted, classes: classes))
    var result = said.rows
    for index in labels.indices where isDoubted(index, weights) {
      let given = index * classes + labels[index]
      let (before, after) = (1 - result[given], doubt.raised(1 - result[given]))
      // What the label loses the other classes share as they share the rest.
      guard before > 0, after > before else { continue }
      for k in 0..<classes { result[index * classes + k] *= after / before }
      result[given] = 1 - after
    }
    posterior = result
  }

  /// The probability of each class of samples, and of those whose label was made wrong on purpose.
  private struct Posteriors {
    /// [rows, C].
    var rows: [Double]
    /// A row each.
    var injected: [[Double]]

    /// Those of some rows.
    func of(_ rows: [Int], classes: Int) -> Posteriors {
      Posteriors(rows: rows.flatMap { self.rows[($0 * classes)..<(($0 + 1) * classes)] }, injected: injected)
    }

    /// The mean of these and others, which have this share.
    func mixed(with other: Posteriors, share: Double) -> Posteriors {
      func mean(_ one: [Double], _ other: [Double]) -> [Double] {
        zip(one, other).map { (1 - share) * $0 + share * $1 }
      }
      return Posteriors(rows: mean(rows, other.rows), injected: zip(injected, other.injected).map(mean))
    }
  }
}
