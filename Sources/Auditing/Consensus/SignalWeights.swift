/// The weights of a pool's sources under which something is worth most.
enum SignalWeights {
  /// How strongly weights are pulled to the usual ones: as much as half of this times the squared distance.
  static let pull = 4.0

  /// Weights that sum to 1, found by moving some of one source's weight to another for as long as that helps, first much, then
  /// less and less.
  ///
  /// - Parameters:
  ///   - usual: where to begin; a source without weight stays without.
  ///   - worth: what weights are worth, as the logarithm of a likelihood.
  static func best(from usual: [Double], worth: ([Double]) -> Double) -> [Double] {
    let sources = usual.indices.filter { usual[$0] > 0 }
    func value(_ weights: [Double]) -> Double {
      worth(weights) - pull / 2 * zip(weights, usual).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    var best = (weights: usual, value: value(usual))
    var step = 0.2
    while step > 0.03 {
      let before = best
      for from in sources where before.weights[from] > 0 {
        for to in sources where to != from {
          var weights = before.weights
          let moved = min(step, weights[from])
          weights[from] = weights[from] - moved < 1e-9 ? 0 : weights[from] - moved
          weights[to] += moved
          let found = value(weights)
          if found > best.value + 1e-6 { best = (weights, found) }
        }
      }
      if best.value == before.value { step /= 2 }
    }
    return best.weights
  }
}
