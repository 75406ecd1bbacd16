/// How a pool of sources is read: what cannot be seen in given labels and is chosen by those that were made wrong on purpose.
struct Reading: Equatable {
  /// The weight of each source of a `SignalPool`; they sum to 1.
  var weights: [Double]
  /// The power of `LabelNoiseModel`'s table, from 0 to the usual one.
  ///
  /// A network that learned a small dataset by heart repeats the labels, and a table of what both say would count them twice;
  /// it is too near to the identity then for samples that no network learned, too, so that all are read by the same power. It is
  /// never raised: labels that were drawn at random look more wrong than those that people err about, and ask for less doubt than
  /// there is.
  var tablePower = Reading.usualTablePower

  /// The power where no labels were made wrong on purpose, and the largest.
  ///
  /// Between 0.5 and 1 it changes little on FER2013: less ranks suggestions a little better and states them too surely.
  static let usualTablePower = 0.7

  /// How strongly weights and power are pulled to the usual ones: as much as half of this times the squared distance.
  static let pull = 4.0

  /// The reading under which something is worth most, found by moving some of one source's weight to another, or the power, for as long as
  /// that helps, first much, then less and less.
  ///
  /// - Parameters:
  ///   - usual: where to begin; a source without weight stays without.
  ///   - worth: what a reading is worth, as the logarithm of a likelihood.
  static func best(from usual: Reading, worth: (Reading) -> Double) -> Reading {
    func value(_ reading: Reading) -> Double { worth(reading) - pull / 2 * reading.squaredDistance(to: usual) }
    var best = (reading: usual, value: value(usual))
    var step = 0.2
    while step > 0.03 {
      let before = best
      for reading in before.reading.neighbours(step: step, from: usual) {
        let found = value(reading)
        if found > best.value + 1e-6 { best = (reading, found) }
      }
      if best.value == before.value { step /= 2 }
    }
    return best.reading
  }

  private func squaredDistance(to other: Reading) -> Double {
    let power = tablePower - other.tablePower
    return zip(weights, other.weights).reduce(power * power) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// Readings that differ by one step.
  private func neighbours(step: Double, from usual: Reading) -> [Reading] {
    var result: [Reading] = []
    let sources = usual.weights.indices.filter { usual.weights[$0] > 0 }
    for from in sources where weights[from] > 0 {
      for to in sources where to != from {
        var other = self
        let moved = min(step, weights[from])
        other.weights[from] = weights[from] - moved < 1e-9 ? 0 : weights[from] - moved
        other.weights[to] += moved
        result.append(other)
      }
    }
    for power in [tablePower - step, tablePower + step] {
      var other = self
      other.tablePower = max(0, min(Self.usualTablePower, power))
      if other != self { result.append(other) }
    }
    return result
  }
}
