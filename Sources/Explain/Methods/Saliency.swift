/// How steeply the score changes with each pixel: |dS/dx|, the largest over the channels.
///
/// Source: Simonyan, Vedaldi and Zisserman 2013.
public struct Saliency: Explainer {
  /// The name on the command line.
  public let name = "saliency"
  /// One line for listings.
  public let summary = "How steeply the class's logit changes with each pixel"

  /// Creates the method.
  public init() {}

  /// Explains all pictures.
  public func explain(_ questions: [Question], of probe: Probe) throws -> [Explanation] {
    var results: [Explanation] = []
    try probe.backward(
      questions.count, target: { questions[$0].target },
      writing: { _ = $1.update(fromContentsOf: questions[$0].input) },
      reading: { _, pass in
        results.append(Explanation(map: .strongest(of: Array(pass.inputGradient), probe)))
      })
    return results
  }
}

extension HeatMap {
  /// The largest absolute value over the channels of a picture.
  static func strongest(of values: [Float], _ probe: Probe) -> HeatMap {
    let plane = probe.height * probe.width
    return HeatMap(
      height: probe.height, width: probe.width,
      values: (0..<plane).map { i in stride(from: i, to: values.count, by: plane).reduce(0) { max($0, abs(values[$1])) }
      })
  }

  /// The sum over the channels of a picture.
  static func total(of values: [Float], _ probe: Probe) -> HeatMap {
    let plane = probe.height * probe.width
    return HeatMap(
      height: probe.height, width: probe.width,
      values: (0..<plane).map { i in stride(from: i, to: values.count, by: plane).reduce(0) { $0 + values[$1] } },
      isSigned: true)
  }
}
