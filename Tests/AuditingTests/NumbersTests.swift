import CVectorMath
import Foundation
import Testing

@testable import Auditing

struct NumbersTests {
  private func logarithms(_ numbers: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: numbers.count)
    vector_logarithms(numbers, &result, numbers.count)
    return result
  }

  @Test func `many logarithms at once are the library's to within a few units in the last place`() {
    let numbers = [1e-300, 0.49, 0.5.squareRoot().nextDown, 0.5.squareRoot(), 0.999_999, 1, 1.000_001, 7e200]
    for (own, number) in zip(logarithms(numbers), numbers) {
      #expect(abs(own - log(number)) <= 4 * log(number).ulp, "ln \(number)")
    }
    // Counts that are no multiple of what a processor works on at once.
    for count in [0, 1, 7, 803] {
      let shares = (0..<count).map { exp(-Double($0) / 20) }
      #expect(zip(logarithms(shares), shares).allSatisfy { abs($0 - log($1)) < 1e-13 })
    }
  }

  @Test func `nothing times its logarithm is nothing`() { #expect(0 * logarithms([0])[0] == 0) }
}
