import Foundation
import Testing

@testable import Curation

@Suite struct DecisionFileTests {
  private func read(_ text: String) throws -> DecisionFile { try DecisionFile(Array(text.utf8), name: "d.csv") }

  @Test func `columns may stand in any order and beside others`() throws {
    let file = try read("split,action,label,key\ntrain,relabel,sad,a\ntest,accept,,b\n")
    #expect(
      file.rows.map(\.decision) == [
        SampleDecision(key: "a", action: .relabel, label: "sad"), SampleDecision(key: "b", action: .accept),
      ])
    #expect(file.rejections.isEmpty)
  }

  @Test func `the label column is needed only to relabel`() throws {
    let file = try read("key,action\na,reject\nb,relabel\n")
    #expect(file.rows.map(\.decision.key) == ["a"])
    #expect(file.rejections.map(\.reason) == ["row 1 of d.csv is to relabel b, but its label is empty"])
  }

  @Test func `a label beside another action is passed over`() throws {
    #expect(try read("key,action,label\na,skip,sad\n").rows.map(\.decision.label) == [nil])
  }

  @Test func `from and to say which suggestion a row is about`() throws {
    let file = try read("key,action,from,to\na,accept,angry,sad\nb,accept,fear,\nc,accept,,\n")
    #expect(file.rows.map(\.decision.from) == ["angry", "fear", nil])
    #expect(file.rows.map(\.decision.to) == ["sad", Review.notAFace, nil])
    let json = try DecisionFile(
      json: Data(
        """
        {"fercure":"decisions","version":1,"decisions":[{"key":"a","action":"skip","from":"angry","to":"sad"},
        {"key":"b","action":"skip","from":"fear","to":null},{"key":"c","action":"skip"}]}
        """.utf8), name: "d.json")
    #expect(json.rows.map(\.decision.from) == ["angry", "fear", nil])
    #expect(json.rows.map(\.decision.to) == ["sad", Review.notAFace, nil])
  }

  @Test func `a row without an action is undecided, and keeps its number`() throws {
    let file = try read("key,action,label\na,,\nb,exclude,\n")
    #expect(file.rows == [DecisionFile.Row(number: 1, decision: SampleDecision(key: "b", action: .exclude))])
  }

  @Test func `quotes, line ends of Windows and a byte order mark are understood`() throws {
    let file = try read("\u{FEFF}key,action,label\r\n\"a,1\",Accept,\r\n\r\n")
    #expect(file.rows.map(\.decision) == [SampleDecision(key: "a,1", action: .accept)])
    #expect(file.rejections.isEmpty)
  }

  @Test func `wrong rows are listed with what is wrong`() throws {
    let file = try read("key,action,label\na,delete,\n,accept,\nb,accept\n")
    #expect(file.rows.isEmpty)
    #expect(
      file.rejections.map(\.reason) == [
        "row 0 of d.csv has the action 'delete', expected one of accept, reject, relabel, ambiguous, exclude, skip",
        "row 1 of d.csv has no key",
        "row 2 of d.csv has 2 fields, but there are 3 columns",
      ])
  }

  @Test func `a quote that is not closed is an error by its row`() {
    #expect(throws: CurationError.unclosedQuote("d.csv", row: 1)) {
      try read("key,action\na,accept\n\"b,reject\nc,exclude\n")
    }
  }

  @Test func `an empty file and other columns are errors`() {
    #expect(throws: CurationError.emptySource("d.csv")) { try read("") }
    #expect(
      throws: CurationError.wrongColumns(
        "d.csv", found: ["key", "verdict"], wanted: "key, action and, to relabel, label")
    ) { try read("key,verdict\na,wrong\n") }
  }

  @Test func `a file that is not there is named`() {
    #expect(throws: CurationError.noSuchSource("/nowhere/d.csv")) {
      try DecisionFile(contentsOf: URL(fileURLWithPath: "/nowhere/d.csv"))
    }
  }
}
