/// Tells pictures without a face by their features, from votes that say so.
///
/// Logistic regression on unit feature vectors of one network; few pictures of a dataset are faceless, so the penalty is
/// firm.
struct FacelessModel {
  /// Fewer faceless pictures than this teach nothing.
  static let fewestExamples = 8
  /// Cosines differ little: they are spread before the penalty is felt.
  private static let scale = 10.0

  private let regression: SoftmaxRegression
  private let length: Int

  /// - Parameters:
  ///   - features: [N, D].
  ///   - examples: rows of it, and whether there is no face.
  init(features: [Float], length: Int, examples: [(row: Int, isPositive: Bool)]) {
    self.length = length
    var inputs: [Double] = []
    inputs.reserveCapacity(examples.count * (length + 1))
    for example in examples { inputs += Self.input(features, row: example.row, length: length) }
    regression = SoftmaxRegression(
      inputs: inputs, targets: examples.flatMap { $0.isPositive ? [0.0, 1] : [1, 0] }, classes: 2,
      prior: [Double](repeating: 0, count: 2 * (length + 1)), penalty: 1, iterations: 60)
  }

  /// The probability that there is no face in a row of features.
  func callAsFunction(_ features: [Float], row: Int) -> Double {
    regression(Self.input(features, row: row, length: length))[1]
  }

  private static func input(_ features: [Float], row: Int, length: Int) -> [Double] {
    let own = features[(row * length)..<((row + 1) * length)]
    let norm = own.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return own.map { norm > 0 ? scale * Double($0) / norm : 0 } + [1]
  }
}
