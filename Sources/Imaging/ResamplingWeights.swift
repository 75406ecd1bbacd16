/// For each output position along one axis, the input positions that count and by how much.
///
/// Values and weights are `Float`: plain SSE2 multiplies four of them at once, but has no such 32-bit integer product.
struct ResamplingWeights: Sendable {
  /// Input positions.
  let inputCount: Int
  /// Output positions.
  let outputCount: Int
  /// The input position under each output centre; the right one of two that meet there.
  let nearest: [Int]
  /// Weights kept for each output position; unused ones are zero.
  private let taps: Int
  /// The first input position that counts, for each output position.
  private let first: [Int]
  /// `outputCount` x `taps`, times `unit`.
  private let weights: [Float]

  /// What a weight of 1 is stored as: 14 fractional bits to round a sum by.
  private static let unit: Float = 0x1p14

  init(from inputCount: Int, to outputCount: Int, filter: ResamplingFilter) {
    self.inputCount = inputCount
    self.outputCount = outputCount
    let scale = Double(inputCount) / Double(outputCount)
    nearest = (0..<outputCount).map { (2 * $0 + 1) * inputCount / (2 * outputCount) }
    guard filter != .nearest, inputCount != outputCount else {
      taps = 0
      first = []
      weights = []
      return
    }
    let stretch = max(1, scale)
    let reach = filter.radius * stretch
    func window(_ output: Int) -> (centre: Double, begin: Int, end: Int) {
      let centre = (Double(output) + 0.5) * scale
      return (centre, max(0, Int(centre - reach + 0.5)), min(inputCount, Int(centre + reach + 0.5)))
    }
    var taps = 0
    for output in 0..<outputCount {
      let (_, begin, end) = window(output)
      taps = max(taps, end - begin)
    }
    var first = [Int](repeating: 0, count: outputCount)
    var weights = [Float](repeating: 0, count: outputCount * taps)
    for output in 0..<outputCount {
      let (centre, begin, end) = window(output)
      // A window that would pass the end is moved back, so that every output reads `taps` inputs that exist.
      first[output] = min(begin, inputCount - taps)
      let offset = output * taps - first[output]
      var sum = 0.0
      for input in begin..<end {
        let weight = filter.weight((Double(input) + 0.5 - centre) / stretch)
        weights[offset + input] = Float(weight)
        sum += weight
      }
      let share = Self.unit / Float(sum)
      for input in begin..<end { weights[offset + input] *= share }
    }
    self.taps = taps
    self.first = first
    self.weights = weights
  }

  /// Turns `inputCount` rows of `stride` levels into `outputCount` rows.
  func applied(to levels: [Float], stride: Int) -> [UInt8] {
    let size = outputCount * stride
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: stride) { sums in
      levels.withUnsafeBufferPointer { levels in
        [UInt8](unsafeUninitializedCapacity: size) { target, count in
          for y in 0..<outputCount {
            // Whole rows at a time, so that the inner loops run over neighbours and become vector code.
            sums.update(repeating: 0)
            for tap in 0..<taps {
              let weight = weights[y * taps + tap]
              if weight == 0 { continue }
              let begin = (first[y] + tap) * stride
              for x in 0..<stride { sums[x] += weight * levels[begin &+ x] }
            }
            let begin = y * stride
            for x in 0..<stride { target[begin &+ x] = UInt8(truncatingIfNeeded: Self.level(sums[x])) }
          }
          count = size
        }
      }
    }
  }

  /// Rounds a sum of weighted levels to a level from 0 to 255, halves upwards.
  ///
  /// Numbers from 2^23 to 2^24 have no fractional bits, and their lowest bits are those of a whole number: adding 2^23
  /// makes an integer without a conversion, which would have to check its range value by value.
  @inline(__always)
  private static func level(_ sum: Float) -> UInt32 {
    let limited = max(0, min(255 * unit, sum))
    return (limited + (0x1p23 + unit / 2)).bitPattern >> 14 & 0x1FF
  }
}
