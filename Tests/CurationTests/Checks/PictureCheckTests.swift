import Curation
import Imaging
import TestSupport
import Testing

/// Pictures that each check must flag, and one that none may flag.
struct PictureCheckTests {
  /// 48 x 48 pixels of sharp texture between two levels.
  private static func texture(_ low: Int, _ high: Int, step: Int = 1) -> Image {
    var image = Image(height: 48, width: 48, filledWith: 0)
    for y in 0..<48 {
      for x in 0..<48 {
        // A fixed scramble of the place: every level between the two occurs.
        let mix = ((x / step) * 7919 + (y / step) * 104_729) % 997
        image[y, x] = UInt8(low + (high - low) * mix / 996)
      }
    }
    return image
  }

  private static func ramp() -> Image {
    var image = Image(height: 48, width: 48, filledWith: 0)
    for y in 0..<48 { for x in 0..<48 { image[y, x] = UInt8(20 + Double(x + y) * 1.6) } }
    return image
  }

  private func flagged(_ image: Image) throws -> Set<String> {
    var source = ArraySource()
    source.add(image)
    let names = Checks.all.filter { $0 is any PictureCheck.Type }.map { $0.name }
    return Set(try Checks.run(names, on: source).map(\.check))
  }

  @Test func `A sharp picture of full range is fine`() throws {
    #expect(try flagged(Self.texture(0, 255)) == [])
  }

  @Test(arguments: [0, 128, 255]) func `A picture of one value is blank and nothing else`(value: UInt8) throws {
    #expect(try flagged(Image(height: 48, width: 48, filledWith: value)) == ["blank"])
  }

  @Test func `A colour picture of one colour is blank`()
    throws
  {
    let pixels = [[UInt8]](repeating: [200, 10, 10], count: 16).flatMap { $0 }
    #expect(try flagged(Image(height: 4, width: 4, channels: 3, pixels: pixels)) == ["blank"])
  }

  @Test func `A picture whose brightest parts are dark is dark`() throws {
    #expect(try flagged(Self.texture(0, 75)) == ["dark"])
  }

  @Test func `A picture whose darkest parts are bright is bright`() throws {
    #expect(try flagged(Self.texture(246, 255)).contains("bright"))
  }

  @Test func `A picture whose values hardly differ has low contrast`() throws {
    #expect(try flagged(Self.texture(100, 140)) == ["low-contrast"])
  }

  @Test func `A smooth ramp is blurry`() throws {
    #expect(try flagged(Self.ramp()) == ["blurry"])
  }

  @Test func `A picture of two values carries little information`() throws {
    var image = Image(height: 48, width: 48, filledWith: 0)
    for index in image.pixels.indices where index % 3 == 0 { image.pixels[index] = 255 }
    #expect(try flagged(image) == ["low-information"])
  }

  @Test func `Flagged samples score below the threshold, and lower the worse they are`() throws {
    var source = ArraySource()
    for high in [20, 40, 60, 80, 120, 255] { source.add(Self.texture(0, high)) }
    let findings = try Dark().findings(in: source) { _, _ in }
    #expect(findings.map(\.sample) == [1, 2, 3, 4])
    #expect(findings.map(\.score) == findings.map(\.score).sorted())
    #expect(findings.allSatisfy { (0..<Dark().threshold).contains($0.score) })
    #expect(findings[0].detail == "99 % of the pixels are at 19 or below")
  }

  @Test func `Sharpness does not depend on contrast`() {
    let strong = PictureStatistics(of: Self.texture(0, 240)).sharpness
    let weak = PictureStatistics(of: Self.texture(100, 160)).sharpness
    #expect(abs(strong / weak - 1) < 0.05)
  }

  @Test func `Text on a plain ground is a graphic`() throws {
    var image = Image(height: 48, width: 48, filledWith: 250)
    for y in stride(from: 8, to: 40, by: 8) { for x in stride(from: 6, to: 42, by: 2) { image[y, x] = 10 } }
    #expect(try flagged(image).contains("graphic"))
  }

  @Test func `Bars at the sides are a border`() throws {
    var image = Self.texture(0, 255)
    for y in 0..<48 { for x in 0..<48 where x < 6 || x >= 42 { image[y, x] = 0 } }
    #expect(try flagged(image) == ["border"])
  }
}
