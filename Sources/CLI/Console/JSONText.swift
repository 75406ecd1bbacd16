import Foundation

/// JSON as every command prints it: indented, keys sorted, so that two runs can be compared line by line.
enum JSONText {
  /// The JSON document of a value, without a line end.
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
