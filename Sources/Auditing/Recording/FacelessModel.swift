internal import Curation
internal import Training

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

  /// Whether enough votes say that there is no face.
  static func canLearn(from votes: some Sequence<Votes>, _ recipe: AuditRecipe) -> Bool {
    recipe.usesVotes && votes.count { VoteTruth.isNotAFace($0) } >= fewestExamples
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
