import Foundation
import Imaging
import Testing

@testable import Reports

@Suite struct ReportContentTests {
  @Test func `A content survives JSON`() throws {
    let content = TrialContent.full
    let data = try JSONEncoder().encode(content)
    #expect(try JSONDecoder().decode(ReportContent.self, from: data) == content)
  }

  @Test func `A face whose pixels do not fit its size is refused`() throws {
    let face = ReportContent.Face(image: Image(height: 2, width: 3, filledWith: 7), key: "k")
    let text = String(decoding: try JSONEncoder().encode(face), as: UTF8.self)
    let wrong = text.replacing("\"width\":3", with: "\"width\":4")
    #expect(wrong != text)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(ReportContent.Face.self, from: Data(wrong.utf8)) }
    let none = text.replacing("\"width\":3", with: "\"width\":0")
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(ReportContent.Face.self, from: Data(none.utf8)) }
  }

  @Test func `A cell outside its matrix is nought`() {
    let matrix = ReportContent.LabelMatrix(rows: ["a", "b"], columns: ["a", "b"], counts: [[1, 2]])
    #expect(matrix[0, 1] == 2)
    #expect(matrix[1, 0] == 0)
    #expect(matrix[-1, 5] == 0)
  }

  @Test func `The total of suggestions is the sum over verdicts and states`() {
    #expect(TrialContent.suggestions.total == 1969)
  }
}
