import Foundation
import Imaging
import Testing

/// The numbers that tools/golden/imaging.py computed with NumPy.
struct GoldenStatistics: Decodable {
  var mean: Double
  var standardDeviation: Double
  var minimum: UInt8
  var maximum: UInt8
  var entropy: Double
  var percentiles: [String: Double]
  var laplacianVariance: Double
  var correlation: Double
  var phash: [String: String]

  static func load() throws -> GoldenStatistics {
    try JSONDecoder().decode(GoldenStatistics.self, from: Data(Fixture.bytes("statistics/values.json")))
  }
}

@Suite struct StatisticsTests {
  @Test func `Statistics are NumPy's`() throws {
    let golden = try GoldenStatistics.load()
    let image = try Fixture.expected("statistics/first")
    let histogram = image.histogram
    #expect(abs(histogram.mean - golden.mean) < 1e-9)
    #expect(abs(histogram.standardDeviation - golden.standardDeviation) < 1e-9)
    #expect(histogram.range == golden.minimum...golden.maximum)
    #expect(abs(histogram.entropy - golden.entropy) < 1e-9)
    #expect(golden.percentiles.count == 6)
    for (percent, value) in golden.percentiles {
      #expect(abs(histogram.percentile(try #require(Double(percent))) - value) < 1e-9, "\(percent) %")
    }
    #expect(abs(image.laplacianVariance - golden.laplacianVariance) < 1e-6)
  }

  @Test func `A histogram counts every pixel once`() {
    let image = pattern(height: 13, width: 9)
    #expect(image.histogram.total == 117)
    for level in 0..<256 {
      #expect(image.histogram.counts[level] == image.pixels.count { Int($0) == level })
    }
    #expect(image.histogram.share(of: 0...255) == 1)
    #expect(Image(height: 1, width: 4, pixels: [0, 9, 10, 255]).histogram.share(of: 0...9) == 0.5)
  }

  @Test func `A colour picture counts by its luma`() throws {
    let colour = try Fixture.expected("statistics/rgb")
    #expect(colour.histogram == colour.convertedToGray().histogram)
    #expect(colour.laplacianVariance == colour.convertedToGray().laplacianVariance)
  }

  @Test func `A picture of one level has no spread, no information and no edges`() {
    let image = Image(height: 5, width: 7, filledWith: 93)
    #expect(image.histogram.mean == 93)
    #expect(image.histogram.standardDeviation == 0)
    #expect(image.histogram.range == 93...93)
    #expect(image.histogram.entropy == 0)
    #expect(image.histogram.percentile(40) == 93)
    #expect(image.laplacianVariance == 0)
  }

  @Test func `All levels equally often are eight bits`() {
    let image = Image(height: 16, width: 16, pixels: (0...255).map { UInt8($0) })
    #expect(image.histogram.entropy == 8)
  }

  @Test func `Blur lowers the sharpness`() {
    let sharp = pattern(height: 48, width: 48)
    let blurred = sharp.resized(height: 12, width: 12).resized(height: 48, width: 48)
    #expect(blurred.laplacianVariance < sharp.laplacianVariance / 10)
  }
}

@Suite struct CorrelationTests {
  @Test func `The coefficient is NumPy's`() throws {
    let first = try Fixture.expected("statistics/first")
    let second = try Fixture.expected("statistics/second")
    #expect(abs(first.correlation(with: second) - (try GoldenStatistics.load().correlation)) < 1e-9)
  }

  @Test func `Brightness and contrast do not count, and a negative is -1`() {
    let image = Image(height: 4, width: 4, pixels: (0..<16).map { UInt8($0 * 5) })
    let changed = Image(height: 4, width: 4, pixels: image.pixels.map { $0 * 2 + 30 })
    let negative = Image(height: 4, width: 4, pixels: image.pixels.map { 255 - $0 })
    #expect(abs(image.correlation(with: changed) - 1) < 1e-12)
    #expect(abs(image.correlation(with: negative) + 1) < 1e-12)
  }

  @Test func `Pictures of one level correlate only with themselves`() {
    let flat = Image(height: 4, width: 4, filledWith: 8)
    #expect(flat.correlation(with: flat) == 1)
    #expect(flat.correlation(with: Image(height: 4, width: 4, filledWith: 9)) == 0)
    #expect(flat.correlation(with: pattern(height: 4, width: 4)) == 0)
  }
}
