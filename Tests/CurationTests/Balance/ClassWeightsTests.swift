import Curation
import Testing

struct ClassWeightsTests {
  @Test func `Inverse weights make every class weigh the same in all`() {
    let counts = [10, 5, 0, 1]
    let weights = ClassWeights.inverse(counts)
    #expect(weights[2] == 0)
    #expect(abs(weights.reduce(0, +) - 3) < 1e-12)
    #expect(abs(weights[0] * 10 - weights[3]) < 1e-12)
  }

  // (1 - 0.9) / (1 - 0.9^n) for n = 1, 2: 1 and 1 / 1.9.
  @Test func `The effective number follows the formula`() {
    let weights = ClassWeights.effectiveNumber([1, 2], beta: 0.9)
    #expect(abs(weights[0] / weights[1] - 1.9) < 1e-12)
  }

  @Test func `The effective number lies between equal and inverse weights`() {
    #expect(ClassWeights.effectiveNumber([1, 100], beta: 0) == [1, 1])
    let near = ClassWeights.effectiveNumber([1, 100], beta: 0.999_999_9)
    let inverse = ClassWeights.inverse([1, 100])
    #expect(zip(near, inverse).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func `No samples have no weights`() {
    #expect(ClassWeights.inverse([0, 0]) == [0, 0])
    #expect(ClassWeights.effectiveNumber([]) == [])
  }
}
