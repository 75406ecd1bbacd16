import Testing

@testable import CLI

@Suite struct ProgressBarTests {
  @Test func `a bar shows share, count, rate and time left`() {
    let line = ProgressBar.line(
      title: "Ingesting", unit: "rows", done: 500, total: 2000, rate: 50, width: 200)
    #expect(line == "Ingesting  [#####...............]  500 of 2,000 rows  50/s  30 s left")
  }

  @Test func `without a terminal there is no bar`() {
    let line = ProgressBar.line(
      title: "Ingesting", unit: "rows", done: 500, total: 2000, rate: 50, width: nil)
    #expect(line == "Ingesting  500 of 2,000 rows  50/s  30 s left")
  }

  @Test func `an unknown total leaves count and rate`() {
    let line = ProgressBar.line(title: "Reading", unit: "rows", done: 1, total: nil, rate: 0.5, width: nil)
    #expect(line == "Reading  1 row  0.50/s")
  }

  @Test func `a line never exceeds the terminal`() {
    for width in [0, 1, 20, 40] {
      let line = ProgressBar.line(
        title: "A long title of a step", unit: "samples", done: 3, total: 7, rate: 3, width: width)
      #expect(line.count <= width)
    }
  }

  @Test func `more than everything is still a full bar`() {
    let line = ProgressBar.line(title: "x", unit: "rows", done: 12, total: 10, rate: 12, width: 80)
    #expect(line.contains("[####################]"))
  }

  @Test func `before two counts nothing is said of speed`() {
    let line = ProgressBar.line(title: "Ingesting", unit: "rows", done: 500, total: 2000, rate: nil, width: nil)
    #expect(line == "Ingesting  500 of 2,000 rows")
  }

  @Test func `what was done before a run is not its speed`() {
    var pace = Pace()
    pace.note(2_690, seconds: 1)
    #expect(pace.rate == nil)
    pace.note(2_690, seconds: 2)
    #expect(pace.rate == nil)
    pace.note(2_708, seconds: 11)
    #expect(pace.rate == 1.8)
  }

  @Test func `what stays is count and time`() {
    #expect(
      ProgressBar.finalLine(title: "Ingesting", unit: "rows", done: 35887, seconds: 1.24)
        == "Ingesting  35,887 rows  1.2 s")
  }
}
