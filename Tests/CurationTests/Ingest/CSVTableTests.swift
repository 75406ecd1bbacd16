import Testing

@testable import Curation

struct CSVTableTests {
  @Test("Quoted fields keep commas, quotes and line ends")
  func quoting() {
    let table = CSVTable(Array("a, b ,c\r\n1,\"x, \"\"y\"\"\nz\",3\n\"\",,\n".utf8))
    #expect(table.columns == ["a", "b", "c"])
    #expect(table.rows == [["1", "x, \"y\"\nz", "3"], ["", "", ""]])
    #expect(table.column("b") == 1)
    #expect(table.column("d") == nil)
  }

  @Test("What is written is read back")
  func roundTrip() {
    let rows = [
      ["plain", "with, comma", "with \"quotes\""], ["", "line\nend", "ä€😀"], ["carriage\rreturn", " ", "x"],
    ]
    let text = (["a,b,c\n"] + rows.map(CSVTable.line)).joined()
    #expect(CSVTable(Array(text.utf8)).rows == rows)
  }

  @Test("Blank last lines are no rows, and a byte order mark is no letter")
  func edges() {
    #expect(CSVTable(Array("\u{feff}a\n1\n\n\n".utf8)) == CSVTable(Array("a\n1".utf8)))
    #expect(CSVTable([]).columns.isEmpty)
  }
}
