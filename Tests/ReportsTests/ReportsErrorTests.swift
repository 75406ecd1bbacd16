import Testing

@testable import Reports

@Suite struct ReportsErrorTests {
  @Test func `Errors tell what is wrong with what`() {
    #expect(
      ReportsError.unencodableFace(key: "row-0000012", reason: "no memory").description
        == "the picture of sample row-0000012 cannot be put into the report: no memory")
    #expect(
      ReportsError.invalidTemplate(name: "page", reason: "a section is not closed").errorDescription
        == "the report template page cannot be used: a section is not closed")
  }

  @Test func `A template that does not exist is an error, not an empty page`() {
    #expect(throws: ReportsError.invalidTemplate(name: "nowhere", reason: "there is no such template")) {
      try TemplateLibrary.render([String](), with: "nowhere")
    }
  }
}
