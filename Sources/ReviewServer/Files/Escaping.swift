import Foundation

/// Makes data safe inside the pages that people take along.
///
/// It works on bytes: as a `Character`, a bracket after an Arabic number sign is no bracket, but for a browser it is.
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
}
