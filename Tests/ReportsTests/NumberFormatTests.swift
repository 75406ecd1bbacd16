import Testing

@testable import Reports

@Suite struct NumberFormatTests {
  @Test func `Counts are grouped by three digits`() {
    #expect(NumberFormat.count(0) == "0")
    #expect(NumberFormat.count(999) == "999")
    #expect(NumberFormat.count(35_887) == "35,887")
    #expect(NumberFormat.count(-1_234_567) == "−1,234,567")
    #expect(NumberFormat.count(.min) == "−9,223,372,036,854,775,808")
  }

  @Test func `Shares are percentages with one decimal`() {
    #expect(NumberFormat.percent(0.6408) == "64.1%")
    #expect(NumberFormat.percent(1) == "100.0%")
    #expect(NumberFormat.percent(nil) == "–")
    #expect(NumberFormat.percent(1, of: 3) == "33.3%")
    #expect(NumberFormat.percent(3, of: 0) == "–")
  }

  @Test func `A few of many are not called none`() {
    #expect(NumberFormat.percent(12, of: 35_887) == "<0.1%")
    #expect(NumberFormat.percent(1, of: 100_000, digits: 0) == "<1%")
    #expect(NumberFormat.percent(0, of: 35_887) == "0.0%")
  }

  @Test func `Differences always carry a sign, and none when nothing remains`() {
    #expect(NumberFormat.points(0.033) == "+3.3 pp")
    #expect(NumberFormat.points(-0.0081) == "−0.8 pp")
    #expect(NumberFormat.points(-0.0000001) == "±0.0 pp")
    #expect(NumberFormat.difference(0.0312, digits: 3) == "+0.031")
  }

  @Test func `Spans of time are told in their two largest units`() {
    #expect(NumberFormat.duration(0.42) == "0.4 s")
    #expect(NumberFormat.duration(9.97) == "10 s")
    #expect(NumberFormat.duration(59.6) == "1 min 00 s")
    #expect(NumberFormat.duration(192) == "3 min 12 s")
    #expect(NumberFormat.duration(3599.7) == "1 h 00 min")
    #expect(NumberFormat.duration(4530) == "1 h 16 min")
    #expect(NumberFormat.duration(-1) == "–")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `What is not finite is a dash`(_ value: Double) {
    #expect(NumberFormat.decimal(value) == "–")
    #expect(NumberFormat.percent(value) == "–")
    #expect(NumberFormat.points(value) == "–")
    #expect(NumberFormat.ratio(value) == "–")
    #expect(NumberFormat.duration(value) == "–")
    #expect(NumberFormat.difference(value, digits: 2) == "–")
  }

  @Test func `A nought has no sign, and a minus is the real one`() {
    #expect(NumberFormat.decimal(-0.001) == "0.00")
    #expect(NumberFormat.decimal(-1.5, digits: 1) == "−1.5")
  }

  @Test func `Factors lose their decimals when they are large`() {
    #expect(NumberFormat.ratio(16.548) == "16.5 : 1")
    #expect(NumberFormat.ratio(1151) == "1,151 : 1")
    #expect(NumberFormat.times(99.94) == "99.9")
  }

  @Test func `One is singular`() {
    #expect(NumberFormat.counted(1, "sample") == "1 sample")
    #expect(NumberFormat.counted(0, "class", "classes") == "0 classes")
    #expect(NumberFormat.counted(2114, "suggestion") == "2,114 suggestions")
  }
}
