import Foundation
import Imaging
import Testing

/// What OpenCV, Pillow and NumPy make of the same pictures: tools/golden/augmentations.py.
@Suite struct GoldenAugmentationTests {
  private func source(_ name: String) throws -> Image { try Fixture.expected("augmentations/\(name)") }

  @Test(arguments: ["even", "odd"]) func `Equalisation is OpenCV's`(name: String) throws {
    // Both round halves, but OpenCV's share of a level is 32-bit.
    expectEqual(try source(name).equalized(), try source("\(name)-equalized"), tolerance: 1)
  }

  @Test(arguments: ["even", "odd"], [(2.0, 4), (40.0, 8), (1.0, 1)])
  func `Local equalisation is OpenCV's, also where tiles do not divide the picture`(
    name: String, setting: (clip: Double, tiles: Int)
  ) throws {
    let expected = try source("\(name)-clahe-\(setting.clip)-\(setting.tiles)")
    let image = try source(name).locallyEqualized(clipLimit: setting.clip, tiles: setting.tiles)
    expectEqual(image, expected, tolerance: 1)
    let differing = zip(image.pixels, expected.pixels).count { $0 != $1 }
    #expect(differing * 100 <= image.pixels.count, "\(differing) pixels differ by a rounding")
  }

  @Test(arguments: ["even", "odd"], [0.6, 1.5, 3.0])
  func `Blur is a convolution in double precision to within a level`(name: String, sigma: Double) throws {
    expectEqual(try source(name).blurred(sigma: sigma), try source("\(name)-blur-\(sigma)"), tolerance: 1)
  }

  @Test(arguments: ["even", "odd"], [(8, 0), (-12, 5)])
  func `Shear is a warp in double precision to within a level`(name: String, angles: (x: Int, y: Int)) throws {
    expectEqual(
      try source(name).sheared(x: Double(angles.x), y: Double(angles.y)),
      try source("\(name)-shear-\(angles.x)-\(angles.y)"), tolerance: 1)
  }

  @Test(
    arguments: ["even", "odd"],
    [("7.5", 1.1, 2, -3), ("-20", 0.85, 0, 1), ("0", 1, -4, 2)] as [(String, Double, Int, Int)])
  func `Turning, zooming and moving is one warp in double precision to within a level`(
    name: String, setting: (degrees: String, factor: Double, x: Int, y: Int)
  ) throws {
    let degrees = try #require(Double(setting.degrees))
    let image = try source(name).transformed(degrees: degrees, factor: setting.factor, x: setting.x, y: setting.y)
    expectEqual(image, try source("\(name)-affine-\(setting.degrees)"), tolerance: 1)
  }

  @Test(arguments: ["even", "odd"]) func `The plane is the least-squares one`(name: String) throws {
    expectEqual(try source(name).withoutPlane(), try source("\(name)-plane"), tolerance: 1)
  }

  @Test(arguments: ["even", "odd"]) func `Edges deviate as Pillow's do`(name: String) throws {
    let json = try JSONSerialization.jsonObject(with: Data(try Fixture.bytes("augmentations/values.json")))
    let values = json as? [String: [String: Double]]
    let expected = try #require(values?[name]?["edgeDeviation"])
    #expect(abs(try source(name).edgeDeviation - expected) < 1e-9)
  }
}
