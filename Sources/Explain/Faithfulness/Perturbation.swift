internal import Randomness

/// Pixels taken away so that the network cannot tell them: each becomes the mean of its eight neighbours, known or not, and
/// a little noise.
///
/// Neighbours beside a pixel weigh 1/6, those at its corners 1/12, and the means of all missing pixels hold at once (a linear system,
/// solved by over-relaxed sweeps). Source: Rong et al. 2022 (ROAD, "noisy linear imputation").
struct NoisyImputation {
  private static let neighbours: [(dy: Int, dx: Int, weight: Float)] = [
    (-1, 0, 1 / 6), (1, 0, 1 / 6), (0, -1, 1 / 6), (0, 1, 1 / 6),
    (-1, -1, 1 / 12), (-1, 1, 1 / 12), (1, -1, 1 / 12), (1, 1, 1 / 12),
  ]

  /// The noise's standard deviation on the scale of the values.
  var noise: Float = 0.01
  /// Sweeps over the missing pixels.
  var sweeps = 100

  /// Replaces the missing pixels of [C, H, W] values.
  func filled(
    _ values: [Float], missing: [Bool], height: Int, width: Int, using generator: inout SeededGenerator
  ) -> [Float] {
    let plane = height * width
    let gaps = missing.indices.filter { missing[$0] }
    var result = values
    for start in stride(from: 0, to: values.count, by: plane) {
      let known = missing.indices.filter { !missing[$0] }.map { values[start + $0] }
      let mean = known.isEmpty ? 0 : known.reduce(0, +) / Float(known.count)
      for i in gaps { result[start + i] = mean }
      for _ in 0..<sweeps {
        var change: Float = 0
        for i in gaps {
          let (y, x) = (i / width, i % width)
          var (sum, total) = (Float(0), Float(0))
          for (dy, dx, weight) in Self.neighbours
          where y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width {
            sum += weight * result[start + i + dy * width + dx]
            total += weight
          }
          let step = 1.6 * (sum / total - result[start + i])
          result[start + i] += step
          change = max(change, abs(step))
        }
        if change < 1e-4 { break }
      }
      for i in gaps { result[start + i] += noise * Float(generator.normal()) }
    }
    return result
  }
}
