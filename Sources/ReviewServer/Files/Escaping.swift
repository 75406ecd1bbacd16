import Foundation

/// Makes text safe inside the files that people take along.
///
/// It works on bytes and Unicode scalars: as a `Character`, a bracket after an Arabic number sign is no bracket, but for
/// a browser it is.
enum Escaping {
  /// JSON that cannot end the element of HTML that it stands in.
  static func script(_ json: Data) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(json.count + json.count / 16)
    for byte in json {
      if byte == UInt8(ascii: "<") { bytes += "\\u003c".utf8 } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Text as the value of an attribute of XML, in double quotes.
  static func attribute(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
