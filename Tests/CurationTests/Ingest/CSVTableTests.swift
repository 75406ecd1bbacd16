import Testing

@testable import Curation

struct CSVTableTests {
  private func read(_ text: String) throws -> CSVTable { try CSVTable(Array(text.utf8), name: "t.csv") }

  @Test("Quoted fields keep commas, quotes and line ends")
  func quoting() throws {
    let table = try read("a, b ,c\r\n1,\"x, \"\"y\"\"\nz\",3\n\"\",,\n")
    #expect(table.columns == ["a", "b", "c"])
    #expect(table.rows == [["1", "x, \"y\"\nz", "3"], ["", "", ""]])
    #expect(table.column("b") == 1)
    #expect(table.column("d") == nil)
  }

  @Test("What is written is read back")
  func roundTrip() throws {
    let rows = [
      ["plain", "with, comma", "with \"quotes\""], ["", "line\nend", "ä€😀"], ["carriage\rreturn", " ", "x"],
    ]
    #expect(try read(CSVText.table(header: ["a", "b", "c"], rows: rows)).rows == rows)
  }

  @Test("Blank last lines are no rows, and a byte order mark is no letter")
  func edges() throws {
    #expect(try read("\u{feff}a\n1\n\n\n") == read("a\n1"))
    #expect(try read("").columns.isEmpty)
  }

  @Test("Lines end in LF, CRLF or CR, also in one file; a CR inside of quotes is kept")
  func lineEnds() throws {
    let table = try read("a,b\r1,2\r\"3\r\",4\r\n5,6\n7,\"8\r\"\n")
    #expect(table.rows == [["1", "2"], ["3\r", "4"], ["5", "6"], ["7", "8\r"]])
  }

  @Test(
    "A quote that is not closed is an error that names the row in which it opens",
    arguments: [
      ("a,b\n1,2\n3,\"4\n5,6\n", 1), ("a,b\n1,\"2", 0), ("a,\"b\n1,2\n", nil),
      // The quote of row 2 does not close that of row 0.
      ("a,b\n\"1,2\n3,4\n5,\"6, 7\"\n", 0),
    ] as [(String, Int?)])
  func unclosedQuotes(text: String, row: Int?) {
    #expect(throws: CurationError.unclosedQuote("t.csv", row: row)) { try read(text) }
  }

  @Test("What stands behind a closed quote on the same line is kept, as others write it")
  func sloppyQuotes() throws {
    #expect(try read("a,b\n\"1\"x,2\n\"3\n4\" ,5\n").rows == [["1x", "2"], ["3\n4 ", "5"]])
  }
}
