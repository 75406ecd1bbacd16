import Imaging
import Testing

@Suite struct WarpingTests {
  @Test(arguments: [(BorderPolicy.reflect, "reflect"), (.edge, "edge"), (.constant(200), "200")])
  func `Rotation gives the values of a reference in double precision`(border: BorderPolicy, name: String) throws {
    let source = try Fixture.expected("rotation/source")
    for (degrees, text) in [(7.25, "7.25"), (-33, "-33")] {
      let expected = try Fixture.expected("rotation/\(name)-\(text)")
      expectEqual(source.rotated(degrees: degrees, border: border), expected, tolerance: 1, "\(degrees) degrees")
    }
  }

  @Test func `Direction and centre are Pillow's`() throws {
    let turned = try Fixture.expected("rotation/source").rotated(degrees: 20)
    let expected = try Fixture.expected("rotation/pillow-20")
    // Away from the border, which Pillow fills with black.
    let (ours, theirs) = (turned, expected)
    expectEqual(
      ours.cropped(top: 4, left: 4, height: 6, width: 10), theirs.cropped(top: 4, left: 4, height: 6, width: 10),
      tolerance: 1)
  }

  @Test(arguments: Interpolation.allCases, [1, 3])
  func `Nothing changes at 0 degrees, at 360, and after four quarter turns`(filter: Interpolation, channels: Int) {
    let square = pattern(height: 9, width: 9, channels: channels)
    #expect(square.rotated(degrees: 0, filter: filter) == square)
    #expect(square.rotated(degrees: -720, filter: filter) == square)
    var turned = square
    for _ in 0..<4 { turned = turned.rotated(degrees: 90, border: .constant(0), filter: filter) }
    #expect(turned == square)
    let even = pattern(height: 8, width: 8, channels: channels)
    #expect(even.rotated(degrees: 180, border: .constant(0), filter: filter) == even.flipped().flippedVertically())
    #expect(even.rotated(degrees: 90, border: .constant(0), filter: filter) == even.transposed().flippedVertically())
    #expect(even.rotated(degrees: -90, border: .constant(0), filter: filter) == even.transposed().flipped())
  }

  @Test(arguments: Interpolation.allCases, [BorderPolicy.reflect, .edge])
  func `A picture of one level stays so`(filter: Interpolation, border: BorderPolicy) {
    for value: UInt8 in [0, 3, 255] {
      let image = Image(height: 6, width: 11, channels: 3, filledWith: value)
      for degrees in [1.0, 33.3, 90, 135, 271] {
        #expect(image.rotated(degrees: degrees, border: border, filter: filter) == image)
      }
      for factor in [0.001, 0.5, 1.01, 40] {
        #expect(image.zoomed(factor: factor, border: border, filter: filter) == image)
      }
    }
  }

  @Test func `Turning forth and back stays near a smooth picture`() {
    let image = pattern(height: 4, width: 4).resized(height: 40, width: 40, filter: .bicubic)
    let back = image.rotated(degrees: 10).rotated(degrees: -10)
    expectEqual(
      back.cropped(top: 10, left: 10, height: 20, width: 20), image.cropped(top: 10, left: 10, height: 20, width: 20),
      tolerance: 6)
  }

  @Test func `A zoom by two doubles the middle and a constant border shows when shrinking`() {
    let image = Image(height: 4, width: 4, pixels: [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    let zoomed = image.zoomed(factor: 2, filter: .nearest)
    #expect(zoomed.pixels == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    let shrunk = image.zoomed(factor: 0.5, border: .constant(9), filter: .nearest)
    #expect(shrunk[0, 0] == 9 && shrunk[1, 1] == 1 && shrunk[2, 2] == 4 && shrunk[3, 3] == 9)
  }
}
