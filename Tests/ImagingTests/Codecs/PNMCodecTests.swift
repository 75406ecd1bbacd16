import Imaging
import Testing

@Suite struct PNMCodecTests {
  private func decode(_ text: String, _ raw: [UInt8] = []) throws -> DecodedImage {
    try ImageCodecs.decode(Array(text.utf8) + raw)
  }

  @Test func `Plain and raw files of each kind decode to the same picture`() throws {
    let bitmap = Image(height: 2, width: 3, pixels: [255, 0, 255, 0, 0, 255])
    #expect(try decode("P1\n3 2\n010\n1 1 0\n").image == bitmap)
    #expect(try decode("P4\n3 2\n", [0b0100_0000, 0b1100_0000]).image == bitmap)
    let gray = Image(height: 2, width: 2, pixels: [0, 10, 200, 255])
    #expect(try decode("P2 2 2 255 0 10 200 255").image == gray)
    #expect(try decode("P5 2 2 255\n", [0, 10, 200, 255]).image == gray)
    let colour = Image(height: 1, width: 2, channels: 3, pixels: [1, 2, 3, 4, 5, 6])
    #expect(try decode("P3\n2 1\n255\n1 2 3 4 5 6\n").image == colour)
    #expect(try decode("P6\n2 1\n255\n", [1, 2, 3, 4, 5, 6]).image == colour)
  }

  @Test func `Comments may stand in the header`() throws {
    let image = try decode("P2# made by hand\n2 # columns\r\n#\n1 255\n7 8").image
    #expect(image == Image(height: 1, width: 2, pixels: [7, 8]))
  }

  @Test func `Other maxvals are scaled and rounded`() throws {
    #expect(try decode("P2 4 1 3 0 1 2 3").image.pixels == [0, 85, 170, 255])
    #expect(try decode("P5 3 1 100\n", [0, 50, 100]).image.pixels == [0, 128, 255])
    let deep = try decode("P5 3 1 65535\n", [0, 0, 0x80, 0x80, 0xFF, 0xFF])
    #expect(deep.image.pixels == [0, 128, 255])
    #expect(deep.notes == ["maxval 65535 reduced to 255"])
  }

  @Test func `Bytes behind the picture are noted`() throws {
    #expect(try decode("P5 1 1 255\n", [9, 1, 2]).notes == ["2 bytes after the picture were not read"])
  }

  @Test func `Every kind of broken file is told apart`() {
    expectError("truncated PNM: it holds 3 of 4 bytes of pixels") { try decode("P5 2 2 255\n", [1, 2, 3]) }
    expectError("truncated PNM: it ends before value 3 of 3") { try decode("P2 3 1 255 10 200 ") }
    expectError("truncated PNM: 2 bytes cannot hold 100 values") { try decode("P2 10 10 255 1") }
    expectError("truncated PNM: it ends before the height") { try decode("P5 2") }
    expectError("truncated PNM: it ends after its header") { try decode("P5 2 2 255") }
    expectError("damaged PNM: the width is not a number") { try decode("P5 wide 2 255\n") }
    expectError("damaged PNM: its maxval is 70000, not 1 to 65535") { try decode("P5 1 1 70000\n") }
    expectError("damaged PNM: value 2 is 9, past the maxval 8") { try decode("P2 2 1 8 1 9") }
    expectError("damaged PNM: value 2 of 2 is not a number") { try decode("P2 2 1 8 1 x") }
    expectError("damaged PNM: value 2 of 2 is neither 0 nor 1") { try decode("P1 2 1 12") }
    expectError("damaged PNM: its size is 0 x 4 pixels") { try decode("P5 0 4 255\n") }
    expectError("damaged PNM: the width is too large") { try decode("P5 99999999999999999999 4 255\n") }
    expectError(
      "PNM of 60000 x 60000 pixels is too large: at most 65500 a side and 400 megapixels are read"
    ) { try decode("P5 60000 60000 255\n") }
  }

  @Test(arguments: [1, 3])
  func `Encoding and decoding gives the same picture`(channels: Int) throws {
    let image = pattern(height: 5, width: 4, channels: channels)
    #expect(try ImageCodecs.decode(PNMCodec.encode(image)) == DecodedImage(image: image, format: .pnm))
  }
}
