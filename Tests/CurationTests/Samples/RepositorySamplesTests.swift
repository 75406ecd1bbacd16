import Curation
import Foundation
import Testing

@testable import Curation

struct RepositorySamplesTests {
  /// The pictures are not drawn again here; that the same plan gives the same pictures is tested beside the drawing.
  @Test func `The truth in samples is what the default options plan`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let text = try String(contentsOf: root.appending(path: "samples/truth.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n").dropFirst()
    let planned = SyntheticPlan(.init()).rows.enumerated().map { index, row in
      let truth = row.flaw == .blank || row.flaw == .notAFace ? "" : row.expression.rawValue
      return "\(SyntheticSample.key(ofRow: index)),\(row.split),\(row.given),\(truth),\(row.flaw?.note ?? "")"
    }
    #expect(lines.map(String.init) == planned)
  }
}
