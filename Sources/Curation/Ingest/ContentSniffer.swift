/// Says in words what a file that is not what it should be looks like, from its first bytes.
enum ContentSniffer {
  static func describe(_ start: [UInt8]) -> String {
    if start.isEmpty { return "an empty file" }
    for (signature, name) in signatures where start.starts(with: signature) { return name }
    guard start.allSatisfy({ $0 >= 0x20 || $0 == 9 || $0 == 10 || $0 == 13 }) else { return "binary data" }
    let text = String(decoding: start.prefix(512), as: UTF8.self).lowercased()
    let body = text.drop(while: \.isWhitespace)
    if body.hasPrefix("version https://git-lfs") { return "a Git LFS pointer in place of the file" }
    if body.hasPrefix("<!doctype html") || body.hasPrefix("<html") { return "a web page" }
    if body.hasPrefix("<?xml") || body.hasPrefix("<") { return "XML or HTML" }
    if body.hasPrefix("{") || body.hasPrefix("[") { return "JSON" }
    return "text"
  }

  private static let signatures: [([UInt8], String)] = [
    (Array("SQLite format 3\0".utf8), "an SQLite file"),
    ([0x1f, 0x8b], "gzip-compressed data"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "xz-compressed data"),
    ([0x28, 0xb5, 0x2f, 0xfd], "zstd-compressed data"),
    (Array("BZh".utf8), "bzip2-compressed data"),
    (Array("PK\u{3}\u{4}".utf8), "a zip archive"),
    ([0x89, 0x50, 0x4e, 0x47], "a PNG picture"),
    ([0xff, 0xd8, 0xff], "a JPEG picture"),
    (Array("GIF8".utf8), "a GIF picture"),
    (Array("%PDF".utf8), "a PDF document"),
    ([0x93] + Array("NUMPY".utf8), "a NumPy array"),
  ]
}
