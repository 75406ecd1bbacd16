import Foundation
import Imaging
import Testing

@testable import Explain

@Suite struct DrawingTests {
  @Test func `equal steps of a number are equal steps to the eye`() {
    for (colours, range) in [(ColourMap.rising, Float(0)...1), (.diverging, -1...0), (.diverging, 0...1)] {
      let points = (0...20).map {
        colours.lab(range.lowerBound + (range.upperBound - range.lowerBound) * Float($0) / 20)
      }
      let steps = zip(points, points.dropFirst()).map { a, b -> Float in
        let (l, u, v) = (a.lightness - b.lightness, a.a - b.a, a.b - b.b)
        return (l * l + u * u + v * v).squareRoot()
      }
      let mean = steps.reduce(0, +) / 20
      #expect(steps.allSatisfy { abs($0 - mean) < 0.15 * mean })
    }
  }

  @Test func `lightness rises with the number, and both ends of a signed map are equally dark`() {
    func gray(_ colour: (red: UInt8, green: UInt8, blue: UInt8)) -> Double {
      0.2126 * Double(colour.red) + 0.7152 * Double(colour.green) + 0.0722 * Double(colour.blue)
    }
    let levels = (0...20).map { gray(ColourMap.rising.colour(Float($0) / 20)) }
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 < $1 })
    #expect(ColourMap.diverging.lab(-1).lightness == ColourMap.diverging.lab(1).lightness)
    let middle = ColourMap.diverging.colour(0)
    #expect(middle.red == middle.green && middle.green == middle.blue)
    #expect(ColourMap.diverging.colour(1).red > ColourMap.diverging.colour(1).blue)
    #expect(ColourMap.rising.colour(.nan) == ColourMap.rising.colour(0))
  }

  @Test func `an overlay leaves a face as it is where the map says nothing`() {
    let face = Image(height: 4, width: 4, filledWith: 100)
    var map = HeatMap(height: 4, width: 4, values: [Float](repeating: 0, count: 16), isSigned: true)
    map[1, 2] = -3
    let overlay = map.overlay(on: face)
    #expect(overlay[0, 0, 0] == 100 && overlay[0, 0, 2] == 100)
    #expect(overlay[1, 2, 2] > overlay[1, 2, 0])
  }

  @Test func `maps are enlarged with half-pixel centres`() {
    // What PyTorch's interpolate(mode="bilinear", align_corners=False) gives.
    let map = HeatMap(height: 1, width: 2, values: [0, 1])
    #expect(map.resized(height: 1, width: 4).values == [0, 0.25, 0.75, 1])
    #expect(map.resized(height: 3, width: 2).values == [0, 1, 0, 1, 0, 1])
  }

  @Test func `a flat map cannot be stretched, another reaches from 0 to 1`() {
    #expect(HeatMap(height: 1, width: 2, values: [3, 3]).stretched == nil)
    #expect(HeatMap(height: 1, width: 3, values: [2, 3, 4]).stretched?.values == [0, 0.5, 1])
  }

  @Test func `rank correlation only asks for the order`() {
    let map = HeatMap(height: 1, width: 4, values: [0, 1, 2, 3])
    #expect(abs(map.rankCorrelation(with: HeatMap(height: 1, width: 4, values: [0, 1, 10, 100])) - 1) < 1e-6)
    #expect(abs(map.rankCorrelation(with: HeatMap(height: 1, width: 4, values: [9, 4, 1, 0])) + 1) < 1e-6)
    #expect(map.correlation(with: HeatMap(height: 1, width: 4, values: [5, 5, 5, 5])) == 0)
    #expect(HeatMap.ranks([5, 1, 5]) == [1.5, 0, 1.5])
  }

  @Test func `a .npy file has the header that NumPy writes`() {
    let bytes = NumpyArray.bytes([1, -2], shape: [1, 2])
    #expect(bytes.count == 128 + 8)
    #expect(Array(bytes[0..<10]) == [0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0])
    let header = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"))
    #expect(header.hasSuffix(" \n"))
    #expect(Array(bytes[128...]) == [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])
  }

  @Test func `a sheet has a place for each picture, and words beside it`() throws {
    let dot = Image(height: 10, width: 10, filledWith: 0)
    let sheet = PictureSheet(
      header: ["a", "b"],
      rows: [.init(words: ["one"], pictures: [dot, nil]), .init(words: ["two"], pictures: [dot, dot])])
    let image = try #require(sheet.image)
    #expect(image.channels == 3)
    let black = (0..<image.height * image.width).count { image.pixels[3 * $0] == 0 }
    #expect(black == 300)
    #expect(image.pixels.contains(40))
    #expect(PictureSheet(header: ["a"], rows: []).image == nil)
  }

  @Test func `a map's shares add up, and what lies in the mouth is dense there`() throws {
    let map = HeatMap(
      height: 48, width: 48,
      values: (0..<48 * 48).map { (33..<40).contains($0 / 48) && (18..<30).contains($0 % 48) ? 1 : -1 })
    let shares = FaceRegions.shares(of: map)
    #expect(abs(shares.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    let mouth = try #require(shares.first { $0.region == "mouth" })
    #expect(mouth.share == 1 && mouth.density > 5)
    let even = FaceRegions.shares(of: HeatMap(height: 48, width: 48, values: [Float](repeating: 2, count: 48 * 48)))
    #expect(even.allSatisfy { abs($0.density - 1) < 1e-6 })
  }
}
