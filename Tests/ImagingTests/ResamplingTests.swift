import Imaging
import Testing

@Suite struct ResamplingTests {
  @Test(arguments: ResamplingFilter.allCases, ["gray", "rgb"])
  func `Nearest is exact, and the other filters give Pillow's values to within a level`(
    filter: ResamplingFilter, name: String
  ) throws {
    let source = try Fixture.expected("resampling/\(name)")
    for (height, width) in [(31, 29), (5, 6), (12, 40), (4, 16), (1, 1)] {
      let expected = try Fixture.expected("resampling/\(name)-\(filter.rawValue)-\(height)x\(width)")
      let resized = source.resized(height: height, width: width, filter: filter)
      expectEqual(resized, expected, tolerance: filter == .nearest ? 0 : 1, "\(height) x \(width)")
    }
  }

  @Test(arguments: ResamplingFilter.allCases)
  func `The same size is the same picture`(filter: ResamplingFilter) {
    let image = pattern(height: 7, width: 5, channels: 3)
    #expect(image.resized(height: 7, width: 5, filter: filter) == image)
    #expect(Resampler(from: (7, 5), to: (7, 5), filter: filter).resized(image) == image)
  }

  @Test(arguments: ResamplingFilter.allCases)
  func `A picture of one level keeps it at every size`(filter: ResamplingFilter) {
    for value: UInt8 in [0, 1, 127, 254, 255] {
      let image = Image(height: 9, width: 13, filledWith: value)
      for (height, width) in [(1, 1), (4, 7), (9, 40), (50, 13), (100, 101)] {
        let resized = image.resized(height: height, width: width, filter: filter)
        #expect(resized == Image(height: height, width: width, filledWith: value))
      }
    }
  }

  @Test func `Shrinking takes every pixel into account`() {
    // Stripes one pixel wide: without smoothing every second one would be picked.
    let stripes = Image(height: 64, width: 64, pixels: (0..<64 * 64).map { $0 % 2 == 0 ? 0 : 255 })
    let small = stripes.resized(height: 8, width: 8, filter: .bilinear)
    #expect(small.pixels.allSatisfy { abs(Int($0) - 128) < 20 })
  }

  @Test func `A resampler serves any number of pictures`() {
    let resampler = Resampler(from: (6, 8), to: (11, 5), filter: .bicubic)
    for image in [pattern(height: 6, width: 8), pattern(height: 6, width: 8, channels: 3)] {
      #expect(resampler.resized(image) == image.resized(height: 11, width: 5, filter: .bicubic))
    }
  }
}
