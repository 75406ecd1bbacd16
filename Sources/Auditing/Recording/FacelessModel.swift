internal import Curation
internal import Dispatch

/// Tells pictures without a face by what they look like, from votes that say so.
///
/// Logistic regression on the pictures' traits. It looks at pixels, not at a network's features: what a network of
/// expressions sees in a drawing is an expression. Few pictures of a dataset are faceless, so the penalty is firm.
struct FacelessModel {
  /// Fewer faceless pictures than this teach nothing.
  static let fewestExamples = 8
  /// There are hundreds of traits and tens of examples.
  private static let penalty = 500.0

  private let regression: SoftmaxRegression

  /// The probability that there is no face, for each sample, from the votes on training samples of other folds, or of all
  /// folds for samples that belong to none; empty where too few votes say that there is no face.
  ///
  /// - Parameter folds: many, for faceless pictures are few, and those of a fold are lost to its model.
  static func probabilities(
    samples: [Sample], votes: [Int64: Votes], folds: Folds, traits: () -> PictureTraits
  ) -> [Double] {
    let examples = samples.indices.compactMap { index -> (row: Int, isPositive: Bool)? in
      guard samples[index].split == .train, let known = votes[samples[index].id] else { return nil }
      return (index, VoteTruth.isNotAFace(known))
    }
    guard examples.count(where: \.isPositive) >= fewestExamples else { return [] }
    let traits = traits()
    return [Double](unsafeUninitializedCapacity: samples.count) { result, initialized in
      nonisolated(unsafe) let result = result
      DispatchQueue.concurrentPerform(iterations: folds.count + 1) { number in
        let fold = number < folds.count ? number : nil
        let judged = samples.indices.filter { folds.heldOutBy[$0] == fold }
        guard !judged.isEmpty else { return }
        let model = FacelessModel(traits, examples: examples.filter { fold == nil || folds.heldOutBy[$0.row] != fold })
        for index in judged { result.initializeElement(at: index, to: model(traits, row: index)) }
      }
      initialized = samples.count
    }
  }

  /// - Parameter examples: rows of the traits, and whether there is no face.
  init(_ traits: PictureTraits, examples: [(row: Int, isPositive: Bool)]) {
    var inputs: [Double] = []
    inputs.reserveCapacity(examples.count * (PictureTraits.count + 1))
    for example in examples { inputs += Self.input(traits, row: example.row) }
    regression = SoftmaxRegression(
      inputs: inputs, targets: examples.flatMap { $0.isPositive ? [0.0, 1] : [1, 0] }, classes: 2,
      prior: Self.prior(positive: examples.count { $0.isPositive }, of: examples.count), penalty: Self.penalty,
      iterations: 60)
  }

  /// The probability that there is no face.
  func callAsFunction(_ traits: PictureTraits, row: Int) -> Double { regression(Self.input(traits, row: row))[1] }

  /// Nothing but how few they are is known before: the constant is not pulled to nought.
  private static func prior(positive: Int, of count: Int) -> [Double] {
    var weights = [Double](repeating: 0, count: 2 * (PictureTraits.count + 1))
    weights[weights.count - 1] = safeLog(Double(positive + 1) / Double(count - positive + 1))
    return weights
  }

  private static func input(_ traits: PictureTraits, row: Int) -> [Double] { traits.row(row).map { Double($0) } + [1] }
}
