import Imaging
import Testing

@Suite struct ToneTests {
  private let image = Image(height: 1, width: 4, pixels: [0, 100, 200, 255])

  @Test func `Brightness adds, rounds and stops at black and white`() {
    #expect(image.brightened(by: 60.5).pixels == [61, 161, 255, 255])
    #expect(image.brightened(by: -150).pixels == [0, 0, 50, 105])
    #expect(image.brightened(by: 0) == image)
  }

  @Test func `Contrast stretches about the mean`() {
    let image = Image(height: 1, width: 4, pixels: [90, 100, 110, 100])
    #expect(image.contrasted(by: 2).pixels == [80, 100, 120, 100])
    #expect(image.contrasted(by: 0).pixels == [100, 100, 100, 100])
    #expect(image.contrasted(by: 1) == image)
    #expect(image.contrasted(by: 1000).pixels == [0, 100, 255, 100])
  }

  @Test func `Gamma keeps black and white`() {
    #expect(image.gammaCorrected(by: 2).pixels == [0, 39, 157, 255])
    #expect(image.gammaCorrected(by: 1) == image)
  }

  @Test func `Equalisation is OpenCV's formula`() throws {
    expectEqual(try Fixture.expected("statistics/first").equalized(), try Fixture.expected("statistics/equalized"))
  }

  @Test func `Equalisation works on each channel and leaves one level alone`() {
    let colour = Image(height: 1, width: 3, channels: 3, pixels: [10, 5, 7, 20, 5, 7, 30, 5, 8])
    #expect(colour.equalized().pixels == [0, 5, 0, 128, 5, 0, 255, 5, 255])
  }
}

@Suite struct GaussianNoiseTests {
  @Test func `The seed decides the noise`() {
    let image = Image(height: 48, width: 48, filledWith: 128)
    let noisy = image.withGaussianNoise(sigma: 10, seed: 5)
    #expect(noisy == image.withGaussianNoise(sigma: 10, seed: 5))
    #expect(noisy != image.withGaussianNoise(sigma: 10, seed: 6))
    #expect(abs(noisy.histogram.mean - 128) < 1)
    #expect(abs(noisy.histogram.standardDeviation - 10) < 0.6)
    #expect(image.withGaussianNoise(sigma: 0, seed: 5) == image)
  }
}

@Suite struct ErasingTests {
  @Test func `A rectangle is painted in every channel, as far as it lies inside`() {
    let image = Image(height: 3, width: 3, channels: 3, filledWith: 1)
    let erased = image.erased(top: 1, left: 2, height: 5, width: 5, value: 9)
    for y in 0..<3 { for x in 0..<3 { for c in 0..<3 { #expect(erased[y, x, c] == (y >= 1 && x >= 2 ? 9 : 1)) } } }
    #expect(image.erased(top: 7, left: 7, height: 2, width: 2, value: 9) == image)
    #expect(image.erased(top: 0, left: 0, height: 0, width: 2, value: 9) == image)
    #expect(image.erased(top: -1, left: -1, height: 2, width: 2, value: 9)[0, 0] == 9)
  }
}
