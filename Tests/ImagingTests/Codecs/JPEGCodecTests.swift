import Imaging
import Testing

@Suite struct JPEGCodecTests {
  /// Decoders may differ by a level where they round the colour conversion.
  @Test(arguments: ["gray", "ycbcr", "ycbcr-420", "progressive", "rgb"])
  func `Gray, colour and progressive files decode to Pillow's values`(name: String) throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("jpeg/\(name).jpg"))
    expectEqual(decoded.image, try Fixture.expected("jpeg/\(name).jpg"), tolerance: 1)
    #expect(decoded.format == .jpeg)
    #expect(decoded.notes == [])
  }

  @Test(arguments: ["cmyk", "cmyk-plain"])
  func `CMYK becomes RGB, inverted or not, and is noted`(name: String) throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("jpeg/\(name).jpg"))
    expectEqual(decoded.image, try Fixture.expected("jpeg/\(name).jpg"), tolerance: 1)
    #expect(decoded.notes == ["CMYK converted to RGB"])
  }

  @Test(arguments: 1...8)
  func `Every EXIF orientation is turned upright`(orientation: Int) throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("jpeg/orientation\(orientation).jpg"))
    expectEqual(decoded.image, try Fixture.expected("jpeg/orientation\(orientation).jpg"))
    #expect(decoded.notes == (orientation == 1 ? [] : ["turned upright from EXIF orientation \(orientation)"]))
  }

  @Test func `An orientation written as a long number counts too`() throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("jpeg/orientation-long.jpg"))
    expectEqual(decoded.image, try Fixture.expected("jpeg/orientation3.jpg"))
  }

  @Test(arguments: ["nine", "no-order", "far-directory", "cut-directory"])
  func `EXIF data that make no sense leave the picture as it is stored`(name: String) throws {
    let decoded = try ImageCodecs.decode(Fixture.bytes("jpeg/orientation-\(name).jpg"))
    expectEqual(decoded.image, try Fixture.expected("jpeg/orientation-none"))
  }

  @Test func `A truncated file is an error in libjpeg's words, not a picture with a gray half`() {
    expectError("truncated JPEG: Premature end of JPEG file") {
      try ImageCodecs.decode(Fixture.bytes("jpeg/truncated.jpg"))
    }
    expectError("truncated JPEG: Premature end of JPEG file") {
      try ImageCodecs.decode(Fixture.bytes("jpeg/truncated-header.jpg"))
    }
  }

  @Test func `Data that stop before the end mark are an error`() {
    expectError("damaged JPEG: Corrupt JPEG data: premature end of data segment") {
      try ImageCodecs.decode(Fixture.bytes("jpeg/short-data.jpg"))
    }
  }

  @Test func `A sound file of a kind that libjpeg does not read is called unsupported`() throws {
    var bytes = try Fixture.bytes("jpeg/gray.jpg")
    let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    // Behind the mark and its length stand the bits a sample.
    bytes[frame + 4] = 12
    expectError("unsupported JPEG: Unsupported JPEG data precision 12") { try ImageCodecs.decode(bytes) }
  }

  @Test func `Damage anywhere never stops the program`() throws {
    for name in ["orientation6", "progressive"] {
      let bytes = try Fixture.bytes("jpeg/\(name).jpg")
      for index in 2..<bytes.count {
        var damaged = bytes
        damaged[index] = index % 2 == 0 ? 0xFF : 0x00
        _ = try? ImageCodecs.decode(damaged)
      }
    }
  }

  @Test func `A cut anywhere but in the end mark is an error`() throws {
    let bytes = try Fixture.bytes("jpeg/gray.jpg")
    for count in 3..<bytes.count - 2 {
      #expect(throws: ImagingError.self, "\(count) of \(bytes.count) bytes") {
        try ImageCodecs.decode(Array(bytes[..<count]))
      }
    }
  }

  @Test(arguments: [1, 3])
  func `Encoding and decoding at high quality stays near the picture`(channels: Int) throws {
    let small = pattern(height: 4, width: 5, channels: channels)
    let image = small.resized(height: 32, width: 40, filter: .bicubic)
    let decoded = try ImageCodecs.decode(JPEGCodec.encode(image, quality: 98)).image
    #expect(decoded.shape == image.shape)
    let difference = zip(decoded.pixels, image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    #expect(Double(difference) / Double(image.pixels.count) < (channels == 1 ? 1 : 12))
  }
}
