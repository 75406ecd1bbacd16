internal import Curation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The maps of a layer, each weighed by what the network says about the picture seen through it; no derivatives.
///
/// Each map, enlarged and stretched to 0 ... 1, is a mask over the picture. A map of one value hides nothing and is skipped.
/// Source: Wang et al. 2020.
public struct ScoreCAM: Explainer {
  /// What becomes of the answers under the masks.
  public enum Weighting: Sendable {
    /// The paper's increase of confidence: softmax over the maps of the logit under each mask minus the blank picture's. The blank
    /// picture's cancels out in the softmax.
    case increase
    /// The published code's: the class's probability under each mask, as it is.
    case confidence
  }

  /// The name on the command line.
  public var name: String { weighting == .increase ? "score-cam" : "score-cam-code" }
  /// One line for listings.
  public var summary: String {
    switch weighting {
    case .increase: "A layer's maps, weighed by the logit of the picture seen through each (the paper)"
    case .confidence: "A layer's maps, weighed by the probability of the picture seen through each (the published code)"
    }
  }
  /// The layer's path; nil takes `Probe.defaultLayer`.
  public var layer: String?
  /// What becomes of the answers under the masks.
  public var weighting: Weighting

  /// Creates the method.
  public init(layer: String? = nil, weighting: Weighting = .increase) {
    self.layer = layer
    self.weighting = weighting
  }

  /// Explains all pictures; the measure `masks` is the number of maps that were not flat.
  public func explain(_ questions: [Question], of probe: Probe) throws -> [Explanation] {
    let layer = try layer.map(probe.layer) ?? probe.defaultLayer()
    let (plane, size) = (layer.height * layer.width, probe.height * probe.width)
    var maps: [[HeatMap]] = []
    try probe.forward(
      questions.count, exposing: [layer.name], writing: { _ = $1.update(fromContentsOf: questions[$0].input) },
      reading: { _, pass in
        let values = Array(pass.maps(layer.name))
        maps.append(
          (0..<layer.channels).map { k in
            HeatMap(height: layer.height, width: layer.width, values: Array(values[(k * plane)..<((k + 1) * plane)]))
          })
      })
    return try zip(questions, maps).map { question, maps in
      let (height, width) = (probe.height, probe.width)
      let masked = try concurrentMap(maps.count) { k in
        maps[k].resized(height: height, width: width).stretched.map { (map: maps[k], mask: $0) }
      }.compactMap { $0 }
      var answers: [Float] = []
      try probe.forwardVariants(
        masked.count,
        writing: { index, target in
          let mask = masked[index].mask.values
          for start in stride(from: 0, to: target.count, by: size) {
            for i in 0..<size { target[start + i] = question.input[start + i] * mask[i] }
          }
        }, reading: { answers.append(answer($1.logits, question.target)) })
      var sum = HeatMap(height: layer.height, width: layer.width, values: [Float](repeating: 0, count: plane))
      for (weight, pair) in zip(weights(answers), masked) {
        for i in 0..<plane { sum.values[i] += weight * pair.map.values[i] }
      }
      return Explanation(
        map: sum.resized(height: height, width: width).rectified,
        measures: ["masks": Double(masked.count)])
    }
  }

  private func answer(_ logits: some RandomAccessCollection<Float>, _ target: Target) -> Float {
    weighting == .increase ? target.score(logits) : target.confidence(logits)
  }

  /// The maps' weights from the answers under their masks.
  func weights(_ answers: [Float]) -> [Float] {
    guard weighting == .increase, let largest = answers.max() else { return answers }
    let exponentials = answers.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}
