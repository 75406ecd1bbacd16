import Testing

/// Expects single-precision values to be a golden file's.
func expectClose(_ values: [Float], _ golden: [Float]) {
  #expect(values.count == golden.count)
  for (a, b) in zip(values, golden) { #expect(abs(a - b) < 1e-6 + 1e-5 * abs(b)) }
}

/// The values that the generator script makes by the same formula.
func fill(_ name: String, _ count: Int, _ range: [Double]) -> [Float] {
  var state = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  return (0..<count).map { _ in
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    z ^= z >> 31
    return Float(range[0] + (range[1] - range[0]) * (Double(z >> 40) * 0x1p-24))
  }
}
