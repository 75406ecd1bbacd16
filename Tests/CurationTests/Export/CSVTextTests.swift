import Testing

@testable import Curation

struct CSVTextTests {
  @Test("Plain cells stay plain")
  func plainCells() {
    #expect(CSVText.record(["row-0000001", "", "0.5"]) == "row-0000001,,0.5\n")
  }

  @Test("Cells with commas, quotes or line ends are quoted")
  func quotedCells() {
    #expect(CSVText.record(["a,b", "say \"hi\"", "two\nlines"]) == "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n")
  }

  // Swift takes a quote, comma or line end and a combining accent for one character, which is neither of them.
  @Test("An accent behind a quote, comma or line end hides it from no one", arguments: ["\"", ",", "\n", "\r", "\r\n"])
  func accents(sign: String) throws {
    let cells = ["a\(sign)\u{301}b", "\(sign)\u{301}", "c"]
    let text = CSVText.table(header: ["a", "b", "c"], rows: [cells])
    let read = try CSVTable(Array(text.utf8), name: "t.csv").rows
    #expect(read.map { $0.map { Array($0.utf8) } } == [cells.map { Array($0.utf8) }])
  }
}
