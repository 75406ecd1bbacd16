import TestSupport
import Testing

@testable import Explain

@Suite struct SuperpixelsTests {
  private let size = 48

  /// True when every patch is one piece.
  private func isConnected(_ patches: Superpixels, width: Int) -> Bool {
    for patch in 0..<patches.count {
      let pixels = Set(patches.labels.indices.filter { patches.labels[$0] == patch })
      guard let start = pixels.first else { return false }
      var (reached, open) = (Set([start]), [start])
      while let pixel = open.popLast() {
        var neighbours = [pixel - width, pixel + width]
        if pixel % width > 0 { neighbours.append(pixel - 1) }
        if pixel % width < width - 1 { neighbours.append(pixel + 1) }
        for next in neighbours where pixels.contains(next) && !reached.contains(next) {
          reached.insert(next)
          open.append(next)
        }
      }
      if reached != pixels { return false }
    }
    return true
  }

  @Test func `a flat picture is cut into a regular grid`() {
    let patches = Superpixels([Float](repeating: 0.5, count: 48 * 48), height: 48, width: 48, wanted: 64)
    #expect(patches.count == 64)
    let sizes = (0..<64).map { patch in patches.labels.count { $0 == patch } }
    #expect(sizes.allSatisfy { $0 == 36 })
  }

  @Test(arguments: [1, 3]) func `patches of a noisy picture are in one piece and about as many as wanted`(
    _ channels: Int
  ) {
    let values = Golden.fill("superpixels", count: channels * 48 * 48, low: 0, high: 1)
    let patches = Superpixels(values, height: 48, width: 48, wanted: 50)
    #expect((30...60).contains(patches.count))
    #expect(isConnected(patches, width: 48))
    #expect(Superpixels(values, height: 48, width: 48, wanted: 50) == patches)
  }

  @Test func `no patch crosses a strong edge`() {
    // A bright disc on black: its edge lies on no line of the grid.
    let values = (0..<48 * 48).map { i -> Float in
      let (y, x) = (Float(i / 48) - 20, Float(i % 48) - 27)
      return y * y + x * x < 180 ? 1 : 0
    }
    let patches = Superpixels(values, height: 48, width: 48, wanted: 64)
    for patch in 0..<patches.count {
      let own = values.indices.filter { patches.labels[$0] == patch }.map { values[$0] }
      #expect(own.allSatisfy { $0 == own[0] })
    }
    #expect(isConnected(patches, width: 48))
  }

  @Test func `given labels are numbered without gaps`() {
    let patches = Superpixels(labels: [7, 7, 3, 9, 3, 7])
    #expect(patches.labels == [0, 0, 1, 2, 1, 0])
    #expect(patches.count == 3)
  }
}
