/// The inputs of golden files, which store no more of them than a name and a range.
public enum Golden {
  /// The values that the generator script gives a name: uniform between low and high, by FNV-1a and SplitMix64.
  public static func fill(_ name: String, count: Int, low: Double, high: Double) -> [Float] {
    var state = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    return (0..<count).map { _ in
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      z ^= z >> 31
      return Float(low + (high - low) * (Double(z >> 40) * 0x1p-24))
    }
  }
}
