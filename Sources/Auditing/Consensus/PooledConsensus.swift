/// The consensus without votes: what all sources say, weighed, read as labels show it, and doubted as wrong labels ask for.
///
/// Labels that were made wrong on purpose decide about what cannot be read off the given ones: how much each source and the
/// table of labels are to be believed (`Reading`), and how much labels are to be doubted (`LabelDoubt`). All are chosen together, for
/// one thing: that the wrong labels lie where doubt is. A network that came to believe those has come to believe others, and weighs less.
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
    /// Doubts about given labels, and about those of the injected samples.
    func doubt(_ rows: [Int], _ posterior: [Double], _ model: LabelNoiseModel, _ weights: [Double]) -> LabelDoubt {
      LabelDoubt(
        natural: rows.enumerated().map { .init(value: 1 - posterior[$0 * classes + labels[$1]], label: labels[$1]) },
        wrong: pool.injected.map {
          let posterior = model.posterior(pool.probabilities(of: $0, weights: weights), label: $0.label)
          return .init(value: 1 - posterior[$0.label], label: $0.label)
        })
    }
    /// What labels are, read so.
    func model(_ rows: [Int], _ reading: Reading) -> LabelNoiseModel {
      LabelNoiseModel(
        probabilities: pool.probabilities(of: rows, weights: reading.weights), labels: rows.map { labels[$0] },
        classes: classes, counts: rows.map { evidence.isTraining($0) }, tablePower: reading.tablePower,
        movesShares: movesShares && SignalPool.readsLearning(reading.weights))
    }
    /// Of a sample that no network learned nothing else is believed than what those say that held it out.
    func isDoubted(_ index: Int, _ weights: [Double]) -> Bool {
      !SignalPool.readsLearning(weights) || pool.learned[index] != nil
    }
    let isMeasured = pool.injected.count >= Injection.fewest
    let injected = Set(evidence.injections.map(\.index))
    let natural = labels.indices.filter { evidence.isTraining($0) && !injected.contains($0) }
    let usual = Reading(weights: pool.usualWeights)
    if isMeasured {
      let open = natural.filter { isDoubted($0, pool.usualWeights) }
      let step = max(1, (open.count + Self.mostSamples - 1) / Self.mostSamples)
      let some = stride(from: 0, to: open.count, by: step).map { open[$0] }
      reading = Reading.best(from: usual) { reading in
        let model = model(some, reading)
        return doubt(some, model.posterior, model, reading.weights).worth
      }
    } else {
      reading = usual
    }
    let weights = reading.weights
    let model = model(Array(labels.indices), reading)
    guard isMeasured else {
      posterior = model.posterior
      return
    }
    let counted = natural.filter { isDoubted($0, weights) }
    let rows = counted.flatMap { model.posterior[($0 * classes)..<(($0 + 1) * classes)] }
    let doubt = doubt(counted, rows, model, weights)
    var result = model.posterior
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
}
