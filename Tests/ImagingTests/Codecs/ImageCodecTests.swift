import Foundation
import Imaging
import Testing

@Suite struct ImageCodecTests {
  @Test func `Every format has one codec`() {
    #expect(ImageCodecs.all.map { $0.format } == ImageFormat.allCases)
  }

  @Test func `The format is told by the bytes`() throws {
    let image = pattern(height: 4, width: 4)
    let files: [ImageFormat: [UInt8]] = [
      .png: try PNGCodec.encode(image), .jpeg: try JPEGCodec.encode(image), .pnm: PNMCodec.encode(image),
    ]
    for (format, bytes) in files {
      #expect(bytes.withUnsafeBytes { ImageCodecs.format(of: $0) } == format)
      #expect(try ImageCodecs.decode(bytes).format == format)
    }
    #expect([UInt8]().withUnsafeBytes { ImageCodecs.format(of: $0) } == nil)
  }

  @Test func `Text named like a picture is told as text`() {
    expectError(
      "not a PNG, JPEG or PNM picture: it looks like text beginning with 'This is not a picture, whatever its name...'"
    ) { try ImageCodecs.decode(Fixture.bytes("jpeg/named.jpg")) }
  }

  @Test(arguments: [
    ("", "an empty file"),
    ("\n<!DOCTYPE html><html>", "an HTML page: a download that was refused or redirected"),
    ("<?xml version=\"1.0\"?><svg xmlns=", "an SVG drawing"),
    ("<?xml version=\"1.0\"?><feed>", "an XML document"),
    ("{\"error\": 404}", "a JSON document"),
    ("  \n ", "text of nothing but blanks"),
    ("caf\u{E9}\nsecond line", "text beginning with 'caf\u{E9}'"),
    (
      "version https://git-lfs.github.com/spec/v1\noid sha256:1",
      "a Git LFS pointer: the picture itself was not downloaded (git lfs pull)"
    ),
    ("GIF89a\u{1}", "a GIF picture"),
    ("RIFF\u{1}\u{0}\u{0}\u{0}WEBPVP8 ", "a WebP picture"),
    ("BM\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{36}\u{0}\u{0}\u{0}", "a BMP picture"),
    ("BM is how this text begins", "text beginning with 'BM is how this text begins'"),
    ("\u{0}\u{0}\u{0}\u{0}", "4 zero bytes"),
    ("P7\nWIDTH 3", "text beginning with 'P7'"),
    ("\u{1}\u{2}abc", "unknown binary data beginning with 01 02 61 62 63"),
  ])
  func `Bytes that are no picture are named`(text: String, appearance: String) {
    expectError("not a PNG, JPEG or PNM picture: it looks like \(appearance)") {
      try ImageCodecs.decode(Array(text.utf8))
    }
  }

  @Test func `A long text is cut between characters`() {
    expectError(
      "not a PNG, JPEG or PNM picture: it looks like text beginning with '\(String(repeating: "\u{E9}", count: 40))...'"
    ) { try ImageCodecs.decode([0x20] + Array(String(repeating: "\u{E9}", count: 300).utf8)) }
  }

  @Test func `An error tells the same words to those who know only Error`() {
    let error: any Error = ImagingError.unknownName(kind: "augmentation", name: "flop", known: ["flip", "rotate"])
    #expect("\(error)" == "there is no augmentation 'flop'; known are flip, rotate")
    #expect(error.localizedDescription == "\(error)")
  }
}
