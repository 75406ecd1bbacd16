import Testing

@testable import CLI

@Suite struct NumbersTests {
  @Test func `thousands stand apart`() {
    #expect(Numbers.count(0) == "0")
    #expect(Numbers.count(999) == "999")
    #expect(Numbers.count(1234) == "1,234")
    #expect(Numbers.count(1_234_567) == "1,234,567")
    #expect(Numbers.count(-12345) == "-12,345")
  }

  @Test func `a count agrees with its noun`() {
    #expect(Numbers.count(1, "sample") == "1 sample")
    #expect(Numbers.count(0, "sample") == "0 samples")
    #expect(Numbers.count(2304, "class", "classes") == "2,304 classes")
  }

  @Test func `shares are percentages with one decimal`() {
    #expect(Numbers.percent(0.1234) == "12.3 %")
    #expect(Numbers.percent(1, of: 4) == "25.0 %")
    #expect(Numbers.percent(0, of: 0) == "–")
  }

  @Test(arguments: [
    (0.0, "0.0 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 0 s"),
    (200, "3 min 20 s"), (7500, "2 h 5 min"), (3_600_000, "1,000 h 0 min"),
  ])
  func `a duration shows its two largest units`(seconds: Double, text: String) {
    #expect(Numbers.duration(seconds) == text)
  }

  @Test(arguments: [(0.515, "0.52/s"), (7.34, "7.3/s"), (12345.4, "12,345/s")])
  func `a rate shows the digits that matter`(rate: Double, text: String) {
    #expect(Numbers.rate(rate) == text)
  }
}
