import Testing

@testable import CLI

@Suite struct CSVTextTests {
  @Test func `plain cells stay plain`() {
    #expect(CSVText.record(["row-0000001", "", "0.5"]) == "row-0000001,,0.5\n")
  }

  @Test func `cells with commas, quotes or line ends are quoted`() {
    #expect(CSVText.record(["a,b", "say \"hi\"", "two\nlines"]) == "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n")
  }
}
