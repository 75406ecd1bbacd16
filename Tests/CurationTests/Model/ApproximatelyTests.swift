import TestSupport
import Testing

struct ApproximatelyTests {
  @Test("The comparison of numbers fails for a wrong number, for NaN and for another count")
  func comparisonCanFail() {
    withKnownIssue { expectApproximatelyEqual([1.0, 2.0], [1.0, 2.1]) }
    withKnownIssue { expectApproximatelyEqual([Float.nan], [1]) }
    withKnownIssue { expectApproximatelyEqual([1.0], [Double.nan]) }
    withKnownIssue { expectApproximatelyEqual([1.0], [1.0, 2.0]) }
  }

  @Test("Numbers within the tolerance are equal, and the one that is not is named")
  func tolerance() {
    expectApproximatelyEqual([100.0, 0], [100.0009, 0], absolute: 0, relative: 1e-5)
    expectApproximatelyEqual([Double.infinity], [Double.infinity])
    #expect(
      difference([1.0, 2.0, 9.0], [1.0, 2.5, 4.0], absolute: 0.1, relative: 0)
        == "2 of 3 values are off, first [1] 2.0, expected 2.5; worst [2] 9.0, expected 4.0")
  }
}
