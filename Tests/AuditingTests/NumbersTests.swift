import Foundation
import Testing

@testable import Auditing

struct NumbersTests {
  @Test func `Eight logarithms at once are the library's to within a few units in the last place`() {
    let numbers = [1e-300, 0.49, 0.5.squareRoot().nextDown, 0.5.squareRoot(), 0.999_999, 1, 1.000_001, 7e200]
    let lanes = naturalLogarithm(SIMD8(numbers))
    for (lane, number) in numbers.enumerated() {
      #expect(abs(lanes[lane] - log(number)) <= 4 * log(number).ulp, "ln \(number)")
    }
    let shares = (0..<800).map { exp(-Double($0) / 20) }
    for start in stride(from: 0, to: shares.count, by: 8) {
      let lanes = naturalLogarithm(SIMD8(shares[start..<start + 8]))
      for lane in 0..<8 { #expect(abs(lanes[lane] - log(shares[start + lane])) < 1e-13) }
    }
  }

  @Test func `Nothing times its logarithm is nothing`() {
    let zero = SIMD8<Double>.zero
    #expect(zero * naturalLogarithm(zero) == zero)
  }
}
