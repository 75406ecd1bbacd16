import Curation
import Foundation
import Testing

@testable import CLI

@Suite struct ErrorTextTests {
  @Test func `an error of ours is its description`() {
    let error = CLIError.invalidDecisions(file: "d.csv", invalid: 2, total: 1200)
    #expect(
      ErrorText.of(error)
        == "2 of 1,200 rows of d.csv cannot be applied, so nothing was changed; correct them, or use --skip-invalid "
        + "to apply the others")
  }

  @Test func `an error of several lines becomes one line`() {
    struct Talkative: LocalizedError { var errorDescription: String? { "first\nsecond" } }
    #expect(ErrorText.of(Talkative()) == "first second")
  }

  @Test func `other errors say what they are`() {
    struct Plain: Error {}
    #expect(ErrorText.of(Plain()) == "Plain()")
  }

  @Test func `a name that does not exist lists those that do`() {
    let error = CLIError.unknownName("x", kind: "rule", known: ["a", "b"])
    #expect(error.description == "there is no rule 'x'; choose from a, b")
  }
}
