import Imaging
import Testing

@Suite struct PerceptualHashTests {
  @Test(arguments: ["first", "second"])
  func `The bits are those of ImageHash's definition`(name: String) throws {
    let hash = PerceptualHash(of: try Fixture.expected("statistics/\(name)"))
    let expected = try #require(GoldenStatistics.load().phash[name])
    #expect(hash.description == expected)
  }

  @Test func `Variants of a picture are near, other pictures far`() throws {
    let image = pattern(height: 6, width: 6).resized(height: 48, width: 48, filter: .bicubic)
    let other = pattern(height: 6, width: 6).transposed().resized(height: 48, width: 48, filter: .bicubic)
    let hash = PerceptualHash(of: image)
    #expect(hash.distance(to: hash) == 0)
    #expect(hash.distance(to: PerceptualHash(of: image.brightened(by: 10))) <= 4)
    #expect(hash.distance(to: PerceptualHash(of: image.resized(height: 100, width: 100))) <= 4)
    #expect(
      hash.distance(to: PerceptualHash(of: try ImageCodecs.decode(JPEGCodec.encode(image, quality: 60)).image)) <= 6)
    #expect(hash.distance(to: PerceptualHash(of: other)) >= 16)
    #expect(hash.distance(to: PerceptualHash(of: image.flipped())) >= 16)
  }

  @Test func `Pictures of one level share a hash at every size`() {
    for (size, value) in [(48, UInt8(1)), (31, 77), (200, 255)] {
      let hash = PerceptualHash(of: Image(height: size, width: size, filledWith: value))
      #expect(hash.description == "8000000000000000")
    }
    #expect(PerceptualHash(bits: 0x0A).description == "000000000000000a")
  }
}
