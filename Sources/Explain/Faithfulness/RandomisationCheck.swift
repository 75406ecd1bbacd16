internal import NeuralNet
public import Training

/// Do maps show what the network learned? Its layers lose what they learned one after the other, from the head down, and the maps are
/// compared with the trained network's.
///
/// A map that stays the same shows the picture, not the network. Source: Adebayo et al. 2018 ("Sanity checks for saliency maps", cascading
/// randomisation).
public struct RandomisationCheck: Sendable {
  /// One method's maps after each step.
  public struct Result: Sendable, Equatable, Codable {
    /// The method.
    public var method: String
    /// The mean rank correlation with the trained network's maps after each step, signs aside.
    public var correlations: [Double]
  }

  /// The parts of the network that are randomised, the head first; each step keeps those before it random.
  public let steps: [String]
  private let trained: [NamedTensor]
  private let random: [String: NamedTensor]

  /// Prepares the check of a trained model; the random weights are those that a training with this seed starts from.
  public init(_ model: TrainedModel, seed: UInt64 = 7) throws {
    trained = model.tensors
    random = Dictionary(try model.untrainedTensors(seed: seed).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    steps = Self.parts(of: model.tensors.map(\.name))
  }

  /// The parts of a network by the names of its tensors, those nearest to the answer first.
  static func parts(of names: [String]) -> [String] {
    let heads = ["fc", "classifier", "importance"]
    func prefixes(_ length: Int) -> [String] {
      var seen: [String] = []
      for name in names {
        // The last name is the tensor's own.
        let parts = name.split(separator: ".").dropLast()
        let prefix = parts.prefix(length).joined(separator: ".")
        if !seen.contains(prefix) { seen.append(prefix) }
      }
      return seen
    }
    let short = prefixes(1)
    let parts = short.filter { !heads.contains($0) }.count > 1 ? short : prefixes(2)
    let ends = parts.filter { part in heads.contains { part == $0 || part.hasPrefix($0 + ".") } }
    return ends + parts.filter { !ends.contains($0) }.reversed()
  }

  /// Compares the maps of all methods; the probe has the trained weights again at the end.
  public func results(
    _ methods: [any Explainer], _ questions: [Question], in probe: Probe,
    progress: (Int, Int?) throws -> Void = { _, _ in }
  ) throws -> [Result] {
    defer { try? probe.update(trained) }
    let originals = try methods.map { try $0.explain(questions, of: probe).map(\.map) }
    var results = methods.map { Result(method: $0.name, correlations: []) }
    for (number, _) in steps.enumerated() {
      let lost = steps[...number]
      try probe.update(
        trained.map { tensor in
          lost.contains { tensor.name.hasPrefix($0 + ".") } ? random[tensor.name] ?? tensor : tensor
        })
      for (index, method) in methods.enumerated() {
        let maps = try method.explain(questions, of: probe).map(\.map)
        let sum = zip(maps, originals[index]).reduce(0) { $0 + $1.0.unsigned.rankCorrelation(with: $1.1.unsigned) }
        results[index].correlations.append(sum / Double(max(1, questions.count)))
        try progress(number * methods.count + index + 1, steps.count * methods.count)
      }
    }
    return results
  }
}

extension HeatMap {
  /// The sizes of the values without their signs.
  var unsigned: HeatMap {
    HeatMap(height: height, width: width, values: values.map { abs($0) })
  }
}
