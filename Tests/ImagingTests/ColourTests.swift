import Imaging
import Testing

@Suite struct ColourTests {
  @Test func `Luma is Pillow's to the level`() throws {
    let gray = try Fixture.expected("statistics/rgb").convertedToGray()
    expectEqual(gray, try Fixture.expected("statistics/rgb-luma"))
  }

  @Test func `Gray to colour and back is the same picture`() {
    let gray = Image(height: 16, width: 16, pixels: (0...255).map { UInt8($0) })
    #expect(gray.convertedToRGB().channels == 3)
    #expect(gray.convertedToRGB().convertedToGray() == gray)
    #expect(gray.convertedToGray() == gray)
    #expect(gray.convertedToRGB().convertedToRGB() == gray.convertedToRGB())
  }
}
