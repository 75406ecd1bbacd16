import Foundation
import Testing

@testable import Imaging

@Suite struct BorderPolicyTests {
  @Test func `Reflection does not repeat the border pixel`() {
    let indices = (-7...10).map { BorderPolicy.reflect.index($0, count: 4) }
    #expect(indices == [1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2].map { $0 })
    #expect((-3...3).allSatisfy { BorderPolicy.reflect.index($0, count: 1) == 0 })
  }

  @Test func `The edge is the nearest pixel, and a constant has no pixel`() {
    #expect((-2...4).map { BorderPolicy.edge.index($0, count: 3) } == [0, 0, 0, 1, 2, 2, 2])
    #expect((-1...3).map { BorderPolicy.constant(5).index($0, count: 3) } == [nil, 0, 1, 2, nil])
  }

  @Test(arguments: [(BorderPolicy.reflect, "\"reflect\""), (.edge, "\"edge\""), (.constant(17), "17")])
  func `It is a name or a number in JSON`(border: BorderPolicy, json: String) throws {
    #expect(String(decoding: try JSONEncoder().encode(border), as: UTF8.self) == json)
    #expect(try JSONDecoder().decode(BorderPolicy.self, from: Data(json.utf8)) == border)
  }

  @Test(arguments: [
    ("\"wrap\"", "There is no border 'wrap'; it is reflect, edge, or a constant 0 to 255"),
    ("256", "A constant border is 0 to 255, not 256"),
  ])
  func `Other names and numbers are refused`(json: String, words: String) {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(BorderPolicy.self, from: Data(json.utf8))
    }
    #expect("\(String(describing: error))".contains(words))
  }
}
