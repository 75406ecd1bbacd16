import Imaging
import Testing

@Suite struct PNGCodecTests {
  @Test(arguments: [
    "gray1", "gray2", "gray4", "gray8", "rgb8", "palette2", "interlaced-gray8", "interlaced-palette2",
    "rgb8-opaque-alpha",
  ])
  func `Every bit depth and layout decodes to its exact values, without a note`(name: String) throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("png/\(name).png"))
    expectEqual(decoded.image, try Fixture.expected("png/\(name).png"))
    #expect(decoded.format == .png)
    #expect(decoded.notes == [])
  }

  @Test(arguments: ["gray16", "rgb16"])
  func `16 bits a channel are rounded to the nearest level and noted`(name: String) throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("png/\(name).png"))
    expectEqual(decoded.image, try Fixture.expected("png/\(name).png"))
    #expect(decoded.notes == ["16 bits a channel reduced to 8"])
  }

  @Test(arguments: ["palette2-transparent", "gray8-alpha", "rgb8-alpha"])
  func `Transparent pixels are blended on black and noted`(name: String) throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("png/\(name).png"))
    expectEqual(decoded.image, try Fixture.expected("png/\(name).png"))
    #expect(decoded.notes == ["alpha blended on black"])
  }

  @Test func `A gamma that is not sRGB's is converted and noted`() throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("png/linear-gamma.png"))
    #expect(decoded.notes == ["gamma 1.0 converted to sRGB"])
  }

  @Test func `A file without its end mark gives its pixels and a note`() throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("png/no-end.png"))
    expectEqual(decoded.image, try Fixture.expected("png/no-end.png"))
    #expect(decoded.notes == ["the file ends after the last pixel, without its end mark"])
  }

  @Test func `A wrong checksum of a comment is a note`() throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("png/bad-text-crc.png"))
    expectEqual(decoded.image, try Fixture.expected("png/bad-text-crc.png"))
    #expect(decoded.notes.count == 1)
    #expect(decoded.notes.first?.contains("CRC") == true)
  }

  @Test func `A wrong checksum of the pixels is an error`() {
    expectError("damaged PNG: IDAT: CRC error") { try ImageCodecs.decode(Fixture.bytes("png/bad-crc.png")) }
  }

  @Test func `A truncated file is named as such`() throws {
    let bytes = try Fixture.bytes("png/truncated.png")
    expectError("truncated PNG: it ends after \(bytes.count) bytes, before the picture does") {
      try ImageCodecs.decode(bytes)
    }
  }

  @Test func `A cut anywhere is an error or gives the whole picture`() throws {
    let bytes = try Fixture.bytes("png/rgb8.png")
    let expected = try Fixture.expected("png/rgb8.png")
    for count in 0..<bytes.count {
      let image = try? ImageCodecs.decode(Array(bytes[..<count])).image
      #expect(image == nil || image == expected, "\(count) of \(bytes.count) bytes")
      // The end chunk has 12 bytes and the checksum before it 4.
      if count < bytes.count - 16 { #expect(image == nil, "\(count) of \(bytes.count) bytes") }
    }
  }

  @Test func `Damage anywhere never stops the program`() throws {
    let bytes = try Fixture.bytes("png/palette2-transparent.png")
    for index in 8..<bytes.count {
      for value in [UInt8(0), 0x7F, 0xFF] {
        var damaged = bytes
        damaged[index] = value
        _ = try? ImageCodecs.decode(damaged)
      }
    }
  }

  @Test func `An absurd size is refused`() {
    expectError(
      "PNG of 70000 x 70000 pixels is too large: at most 65500 a side and 400 megapixels are read"
    ) { try ImageCodecs.decode(Fixture.bytes("png/huge.png")) }
  }

  @Test(arguments: [1, 3])
  func `Encoding and decoding gives the same picture`(channels: Int) throws {
    for (height, width) in [(1, 1), (1, 17), (48, 48), (33, 5)] {
      let image = pattern(height: height, width: width, channels: channels)
      let bytes = try PNGCodec.encode(image)
      let decoded = try ImageCodecs.decode(bytes)
      #expect(decoded == DecodedImage(image: image, format: .png))
      #expect(try PNGCodec.encode(image) == bytes)
    }
  }
}
