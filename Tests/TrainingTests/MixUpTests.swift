import Randomness
import Testing

@testable import Training

@Suite struct MixUpTests {
  @Test func `rows and targets are mixed with the same partners by the same share`() {
    var generator = SeededGenerator(seed: 3)
    let mixUp = MixUp(alpha: 1, count: 4, using: &generator)
    #expect(mixUp.partners.sorted() == [0, 1, 2, 3])
    #expect((0...1).contains(mixUp.share))
    var source: [Float] = (0..<12).map(Float.init)
    var target = [Float](repeating: -1, count: 12)
    source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { mixUp.mix(source, into: $0) }
    }
    #expect(target == mixUp.mixed(source))
    for row in 0..<4 {
      let partner = mixUp.partners[row]
      for i in 0..<3 {
        let wanted = mixUp.share * Float(row * 3 + i) + (1 - mixUp.share) * Float(partner * 3 + i)
        #expect(target[row * 3 + i] == wanted)
      }
    }
  }

  @Test(arguments: [Float(0.2), 1, 4])
  func `shares have the mean and the spread of the Beta distribution`(_ alpha: Float) {
    var generator = SeededGenerator(seed: 8)
    let shares = (0..<4000).map { _ in Double(MixUp(alpha: alpha, count: 2, using: &generator).share) }
    let mean = shares.reduce(0, +) / 4000
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    #expect(abs(mean - 0.5) < 0.03)
    #expect(abs(variance - 1 / (4 * (2 * Double(alpha) + 1))) < 0.01)
  }

  @Test func `a tiny parameter leaves pictures as they are`() {
    var generator = SeededGenerator(seed: 8)
    let shares = (0..<400).map { _ in MixUp(alpha: 1e-3, count: 2, using: &generator).share }
    // Beta(a, a) is between 0.01 and 0.99 for about 2 a log(99) of its draws, here one in a hundred.
    #expect(shares.count { $0 > 0.01 && $0 < 0.99 } <= 15)
    #expect(shares.count { $0 < 0.5 } > 100 && shares.count { $0 > 0.5 } > 100)
  }
}
