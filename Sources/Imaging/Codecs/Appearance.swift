// Downloads go wrong in a few well-known ways. A message that names the way saves a person the hex dump.

/// Says what bytes that are no readable picture look like, as in "an HTML page" or "a GIF picture".
func appearance(of bytes: UnsafeRawBufferPointer) -> String {
  if bytes.isEmpty { return "an empty file" }
  if bytes.allSatisfy({ $0 == 0 }) { return "\(bytes.count) zero bytes" }
  for (magic, offset, name) in signatures where bytes.holds(magic, at: offset) { return name }
  guard let text = Text(bytes) else { return "unknown binary data beginning with \(hexadecimal(bytes.prefix(8)))" }
  return text.appearance
}

/// Magic numbers, where they stand, and what they mean.
private let signatures: [(magic: [UInt8], offset: Int, name: String)] = [
  (Array("GIF8".utf8), 0, "a GIF picture"),
  (Array("WEBP".utf8), 8, "a WebP picture"),
  (Array("ftypavif".utf8), 4, "an AVIF picture"),
  (Array("ftyphei".utf8), 4, "an HEIC picture"),
  (Array("ftypmif1".utf8), 4, "an HEIC picture"),
  (Array("ftyp".utf8), 4, "an MP4 video"),
  ([0x49, 0x49, 0x2A, 0x00], 0, "a TIFF picture"),
  ([0x4D, 0x4D, 0x00, 0x2A], 0, "a TIFF picture"),
  ([0x00, 0x00, 0x01, 0x00], 0, "a Windows icon"),
  ([0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50], 0, "a JPEG 2000 picture"),
  ([0xFF, 0x0A], 0, "a JPEG XL picture"),
  (Array("8BPS".utf8), 0, "a Photoshop document"),
  (Array("%PDF".utf8), 0, "a PDF document"),
  ([0x50, 0x4B, 0x03, 0x04], 0, "a ZIP archive"),
  ([0x1F, 0x8B], 0, "gzip-compressed data"),
  ([0xFD, 0x37, 0x7A, 0x58, 0x5A], 0, "xz-compressed data"),
  (Array("SQLite format 3".utf8), 0, "an SQLite database"),
  ([0x93] + Array("NUMPY".utf8), 0, "a NumPy array"),
  (Array("version https://git-lfs".utf8), 0, "a Git LFS pointer: the picture itself was not downloaded (git lfs pull)"),
  (Array("/annex/objects/".utf8), 0, "a git-annex pointer: the picture itself was not downloaded (git annex get)"),
  // Two letters that text can begin with too: believed only with the reserved zeros that follow the size.
  (Array("BM".utf8), 0, "a BMP picture"),
]

extension UnsafeRawBufferPointer {
  /// Whether `magic` stands at `offset`.
  fileprivate func holds(_ magic: [UInt8], at offset: Int) -> Bool {
    guard count >= offset + magic.count, self[offset..<offset + magic.count].elementsEqual(magic) else { return false }
    if magic == Array("BM".utf8) { return count >= 14 && self[6..<10].allSatisfy { $0 == 0 } }
    return true
  }
}

/// The beginning of a file that reads as text.
private struct Text {
  private let beginning: String
  private let trimmed: Substring

  /// Nil when the first bytes hold control characters or are no UTF-8.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var prefix = Array(bytes.prefix(256))
    guard !prefix.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0C && $0 != 0x0D }) else {
      return nil
    }
    // The cut at 256 bytes may fall inside a character.
    if bytes.count > prefix.count {
      while let last = prefix.last, last & 0xC0 == 0x80 { prefix.removeLast() }
      if let last = prefix.last, last >= 0xC0 { prefix.removeLast() }
    }
    guard let text = String(validating: prefix, as: UTF8.self) else { return nil }
    beginning = text
    trimmed = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
  }

  var appearance: String {
    let lower = trimmed.lowercased()
    if lower.hasPrefix("<!doctype html") || lower.hasPrefix("<html") || lower.contains("<head") {
      return "an HTML page: a download that was refused or redirected"
    }
    if lower.hasPrefix("<svg") || (lower.hasPrefix("<?xml") && lower.contains("<svg")) { return "an SVG drawing" }
    if lower.hasPrefix("<?xml") { return "an XML document" }
    if lower.hasPrefix("{") || lower.hasPrefix("[") { return "a JSON document" }
    if trimmed.isEmpty { return "text of nothing but blanks" }
    let line = trimmed.prefix { !$0.isNewline }
    return line.count > 40 ? "text beginning with '\(line.prefix(40))...'" : "text beginning with '\(line)'"
  }
}

/// Writes bytes as "89 50 4E".
private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
}
