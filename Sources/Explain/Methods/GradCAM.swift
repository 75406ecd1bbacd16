/// The maps of a layer, each weighed by the mean of the score's derivative by it, added up, without what speaks against.
///
/// Behind global average pooling and a linear head, a map's weight is the head's over the map's size: the class
/// activation map of Zhou et al. 2016. Source: Selvaraju et al. 2017.
public struct GradCAM: Explainer {
  /// The name on the command line.
  public let name = "grad-cam"
  /// One line for listings.
  public let summary = "A layer's maps, weighed by the mean derivative of the class's logit by each"
  /// The layer's path; nil takes `Probe.defaultLayer`.
  public var layer: String?

  /// Creates the method.
  public init(layer: String? = nil) { self.layer = layer }

  /// Explains all pictures.
  public func explain(_ questions: [Question], of probe: Probe) throws -> [Explanation] {
    let (height, width) = (probe.height, probe.width)
    return try classMaps(questions, of: probe).map {
      Explanation(map: $0.rectified.resized(height: height, width: width))
    }
  }

  /// The weighed sums, small as the layer's maps and with their signs.
  func classMaps(_ questions: [Question], of probe: Probe) throws -> [HeatMap] {
    let layer = try layer.map(probe.layer) ?? probe.defaultLayer()
    let plane = layer.height * layer.width
    var results: [HeatMap] = []
    try probe.backward(
      questions.count, exposing: [layer.name], target: { questions[$0].target },
      writing: { _ = $1.update(fromContentsOf: questions[$0].input) },
      reading: { _, pass in
        let (maps, gradient) = (pass.maps(layer.name), pass.mapGradient(layer.name))
        var sum = [Float](repeating: 0, count: plane)
        for k in 0..<layer.channels {
          let (a, g) = (maps.startIndex + k * plane, gradient.startIndex + k * plane)
          let weight = gradient[g..<(g + plane)].reduce(0, +) / Float(plane)
          for i in 0..<plane { sum[i] += weight * maps[a + i] }
        }
        results.append(HeatMap(height: layer.height, width: layer.width, values: sum))
      })
    return results
  }
}
