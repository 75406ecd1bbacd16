/// A random number generator whose whole future follows from its seed: xoshiro256** seeded by SplitMix64.
///
/// The same seed gives the same dataset, the same weights and the same report on every machine.
/// Its state is `Codable`, so that a resumed run draws the numbers that an uninterrupted one would have drawn.
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2018).
public struct SeededGenerator: RandomNumberGenerator, Sendable, Codable, Equatable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// Creates the generator that belongs to `seed`.
  public init(seed: UInt64) {
    var state = seed
    s0 = splitMix64(&state)
    s1 = splitMix64(&state)
    s2 = splitMix64(&state)
    s3 = splitMix64(&state)
  }

  /// Creates the generator of one part of a run, independent of the other parts' generators.
  ///
  /// `SeededGenerator(seed: 7, "rebalance", "row-0000123")` depends on the seed and on every name, so that
  /// adding a sample or a step never shifts the numbers that another one draws.
  public init(seed: UInt64, _ names: String...) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for name in names {
      for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      hash = (hash ^ 0xff) &* 0x0000_0100_0000_01b3
    }
    self.init(seed: hash ^ (seed &* 0x9e37_79b9_7f4a_7c15))
  }

  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotateLeft(s1 &* 5, 7) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = rotateLeft(s3, 45)
    return result
  }
}

/// Advances `state` and returns the next number of the SplitMix64 sequence.
public func splitMix64(_ state: inout UInt64) -> UInt64 {
  state &+= 0x9e37_79b9_7f4a_7c15
  var z = state
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}

private func rotateLeft(_ value: UInt64, _ count: UInt64) -> UInt64 {
  (value << count) | (value >> (64 - count))
}
