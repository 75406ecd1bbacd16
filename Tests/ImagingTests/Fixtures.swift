import Foundation
import Imaging
import Testing

/// The files that tools/golden/imaging.py wrote.
enum Fixture {
  /// The bytes of a file of Fixtures/.
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures")
    return [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  /// The pixels that `name` must give; they stand beside it as raw PGM or PPM with maxval 255.
  ///
  /// Read here with a few lines of their own: what is tested must not say what is expected.
  static func expected(_ name: String) throws -> Image {
    let gray = try? bytes("\(name).expected.pgm")
    let file = try gray ?? bytes("\(name).expected.ppm")
    let lines = file.split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
    let size = String(decoding: lines[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    return Image(height: size[1], width: size[0], channels: gray == nil ? 3 : 1, pixels: Array(lines[3]))
  }
}

/// Expects two pictures to have the same shape, and values that differ by `tolerance` levels at most.
func expectEqual(
  _ image: Image, _ expected: Image, tolerance: Int = 0, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard image.shape == expected.shape else {
    #expect(image.shape == expected.shape, comment, sourceLocation: sourceLocation)
    return
  }
  let difference = zip(image.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  #expect(difference <= tolerance, comment, sourceLocation: sourceLocation)
}

/// Expects an error of this module with exactly these words.
func expectError(_ words: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any) {
  let error = #expect(throws: ImagingError.self, sourceLocation: sourceLocation) { _ = try body() }
  #expect(error?.description == words, sourceLocation: sourceLocation)
}

/// A picture with a different value in almost every place.
func pattern(height: Int, width: Int, channels: Int = 1) -> Image {
  Image(
    height: height, width: width, channels: channels,
    pixels: (0..<height * width * channels).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7 &* 11 &+ 5) })
}

@Suite struct FixtureTests {
  @Test func `The comparison of pictures can fail`() {
    let image = pattern(height: 3, width: 4)
    var other = image
    other[1, 2] = other[1, 2] &+ 3
    expectEqual(image, other, tolerance: 3)
    withKnownIssue { expectEqual(image, other, tolerance: 2) }
    withKnownIssue { expectEqual(image, Image(height: 4, width: 3, pixels: image.pixels)) }
  }
}
