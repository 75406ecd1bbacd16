import Testing

@testable import CLI

@Suite struct TextTableTests {
  @Test func `columns are aligned, numbers to the right, and lines end where their text ends`() {
    var table = TextTable(header: ["class", "train", "share"])
    table.rows = [["angry", "1,234", "9.5 %"], ["sad", "7", "–"]]
    table.footer = [["total", "1,241", ""]]
    #expect(
      table.text == """
        class  train  share
        -----  -----  -----
        angry  1,234  9.5 %
        sad        7      –
        -----  -----  -----
        total  1,241
        """)
  }

  @Test func `a column with a word is text`() {
    var table = TextTable(header: ["key"])
    table.rows = [["7"], ["row-0000012"]]
    #expect(table.text == "key\n-----------\n7\nrow-0000012")
  }

  @Test func `a table without rows is its header`() {
    #expect(TextTable(header: ["a", "bc"]).text == "a  bc\n-  --")
  }

  @Test func `a short row is filled with blanks`() {
    var table = TextTable(header: ["a", "b"])
    table.rows = [["x"], ["y", "z"]]
    #expect(table.text == "a  b\n-  -\nx\ny  z")
  }

  @Test func `markdown aligns numbers and escapes bars`() {
    var table = TextTable(header: ["name", "n"])
    table.rows = [["a|b", "1"]]
    #expect(table.markdown == "| name | n |\n| --- | ---: |\n| a\\|b | 1 |")
  }
}
