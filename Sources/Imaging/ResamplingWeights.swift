/// For each output position along one axis, the input positions that count and by how much.
///
/// Weights are fixed-point numbers with 22 fractional bits: 8 bits of value and 2 of overshoot then fit 32 bits.
struct ResamplingWeights: Sendable {
  /// Input positions.
  let inputCount: Int
  /// Output positions.
  let outputCount: Int
  /// The input position under each output centre.
  let nearest: [Int]
  /// Weights kept for each output position; unused ones at the end are zero.
  private let taps: Int
  /// The first input position that counts, for each output position.
  private let first: [Int]
  /// `outputCount` x `taps`.
  private let weights: [Int32]

  private static let bits: Int32 = 22
  private static let half: Int32 = 1 << (bits - 1)

  init(from inputCount: Int, to outputCount: Int, filter: ResamplingFilter) {
    self.inputCount = inputCount
    self.outputCount = outputCount
    let scale = Double(inputCount) / Double(outputCount)
    nearest = (0..<outputCount).map { min(inputCount - 1, Int((Double($0) + 0.5) * scale)) }
    guard filter != .nearest, inputCount != outputCount else {
      taps = 0
      first = []
      weights = []
      return
    }
    let stretch = max(1, scale)
    let reach = filter.radius * stretch
    let taps = min(inputCount, Int(reach.rounded(.up)) * 2 + 1)
    var first: [Int] = []
    var weights = [Int32](repeating: 0, count: outputCount * taps)
    for output in 0..<outputCount {
      let centre = (Double(output) + 0.5) * scale
      let begin = max(0, Int(centre - reach + 0.5))
      let end = min(inputCount, Int(centre + reach + 0.5))
      let values = (begin..<end).map { filter.weight((Double($0) + 0.5 - centre) / stretch) }
      let sum = values.reduce(0, +)
      // A window that would pass the end is moved back, so that every output reads `taps` inputs that exist.
      let start = min(begin, inputCount - taps)
      first.append(start)
      for (index, value) in values.enumerated() {
        let fixed = value / sum * Double(Int32(1) << Self.bits)
        weights[output * taps + begin - start + index] = Int32(fixed.rounded(.toNearestOrAwayFromZero))
      }
    }
    self.taps = taps
    self.first = first
    self.weights = weights
  }

  /// Resizes every row of `pixels`, rows of `inputCount` pixels with interleaved channels.
  func appliedToColumns(_ pixels: [UInt8], _ channels: Int) -> [UInt8] {
    let height = pixels.count / (inputCount * channels)
    let size = height * outputCount * channels
    return pixels.withUnsafeBufferPointer { pixels in
      [UInt8](unsafeUninitializedCapacity: size) { target, count in
        for y in 0..<height {
          for x in 0..<outputCount {
            let source = (y * inputCount + first[x]) * channels
            for channel in 0..<channels {
              var sum = Self.half
              for tap in 0..<taps {
                sum &+= weights[x &* taps &+ tap] &* Int32(pixels[source &+ tap &* channels &+ channel])
              }
              target[(y * outputCount + x) * channels + channel] = Self.level(sum)
            }
          }
        }
        count = size
      }
    }
  }

  /// Resizes every column of `pixels`, `inputCount` rows of `stride` values.
  func appliedToRows(_ pixels: [UInt8], _ stride: Int) -> [UInt8] {
    let size = outputCount * stride
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: stride) { sums in
      pixels.withUnsafeBufferPointer { pixels in
        [UInt8](unsafeUninitializedCapacity: size) { target, count in
          for y in 0..<outputCount {
            // Whole rows at a time, so that the inner loops run over neighbours and become vector code.
            sums.update(repeating: Self.half)
            for tap in 0..<taps {
              let weight = weights[y * taps + tap]
              if weight == 0 { continue }
              let row = UnsafeBufferPointer(rebasing: pixels[(first[y] + tap) * stride..<(first[y] + tap + 1) * stride])
              for x in 0..<stride { sums[x] &+= weight &* Int32(row[x]) }
            }
            let row = UnsafeMutableBufferPointer(rebasing: target[y * stride..<(y + 1) * stride])
            for x in 0..<stride { row[x] = Self.level(sums[x]) }
          }
          count = size
        }
      }
    }
  }

  /// Rounds a fixed-point sum (with the half added) to a level 0 ... 255.
  @inline(__always)
  private static func level(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: max(0, min(255, sum >> bits)))
  }
}
