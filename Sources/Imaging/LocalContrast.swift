extension Image {
  /// The picture with its levels spread evenly within each of `tiles` x `tiles` parts, as far as noise allows.
  ///
  /// Contrast-limited adaptive histogram equalisation, as OpenCV's `createCLAHE` does it: histograms of the tiles are cut
  /// at `clipLimit` times their mean and what was cut is spread over all levels; every pixel then takes the mean of
  /// what the four tiles around it make of its level, weighted by nearness. Channels are treated one by one.
  /// Source: Zuiderveld, "Contrast limited adaptive histogram equalization" (Graphics Gems IV, 1994).
  public func locallyEqualized(clipLimit: Double, tiles: Int) -> Image {
    precondition(clipLimit.isFinite && clipLimit > 0 && tiles > 0, "A clip limit and a number of tiles are above zero")
    var result = self
    for channel in 0..<channels {
      let tables = TileTables(self, channel: channel, tiles: tiles, clipLimit: clipLimit)
      for y in 0..<height {
        for x in 0..<width {
          let index = (y * width + x) * channels + channel
          result.pixels[index] = tables.level(y: y, x: x, value: pixels[index])
        }
      }
    }
    return result
  }
}

/// What each tile of a channel makes of every level.
private struct TileTables {
  private let tiles: Int
  private let tileHeight: Int
  private let tileWidth: Int
  /// 256 levels for each tile, tile after tile in rows.
  private var tables: [UInt8]

  init(_ image: Image, channel: Int, tiles: Int, clipLimit: Double) {
    self.tiles = tiles
    // A picture that does not divide evenly is continued to the right and down, by a whole tile's worth where one side
    // would have divided.
    let divides = image.height % tiles == 0 && image.width % tiles == 0
    let height = divides ? image.height : image.height + tiles - image.height % tiles
    let width = divides ? image.width : image.width + tiles - image.width % tiles
    tileHeight = height / tiles
    tileWidth = width / tiles
    let area = tileHeight * tileWidth
    let limit = max(1, Int(clipLimit * Double(area) / 256))
    let scale = 255 / Float(area)
    let rows = (0..<height).map { BorderPolicy.reflect.index($0, count: image.height) ?? 0 }
    let columns = (0..<width).map { BorderPolicy.reflect.index($0, count: image.width) ?? 0 }
    tables = []
    tables.reserveCapacity(tiles * tiles * 256)
    for tileY in 0..<tiles {
      for tileX in 0..<tiles {
        var counts = [Int](repeating: 0, count: 256)
        for y in tileY * tileHeight..<(tileY + 1) * tileHeight {
          for x in tileX * tileWidth..<(tileX + 1) * tileWidth {
            counts[Int(image.pixels[(rows[y] * image.width + columns[x]) * image.channels + channel])] += 1
          }
        }
        Self.clip(&counts, at: limit)
        var sum = 0
        for count in counts {
          sum += count
          tables.append(UInt8(max(0, min(255, (Float(sum) * scale).rounded(.toNearestOrEven)))))
        }
      }
    }
  }

  /// Cuts counts at `limit`, and spreads what is cut evenly; the rest goes to levels at equal steps.
  private static func clip(_ counts: inout [Int], at limit: Int) {
    var excess = 0
    for level in 0..<256 where counts[level] > limit {
      excess += counts[level] - limit
      counts[level] = limit
    }
    let (share, rest) = excess.quotientAndRemainder(dividingBy: 256)
    for level in 0..<256 { counts[level] += share }
    guard rest > 0 else { return }
    let step = max(256 / rest, 1)
    for (place, level) in stride(from: 0, to: 256, by: step).enumerated() where place < rest { counts[level] += 1 }
  }

  func level(y: Int, x: Int, value: UInt8) -> UInt8 {
    let (top, bottom, lower) = Self.around(y, tileHeight, tiles)
    let (left, right, further) = Self.around(x, tileWidth, tiles)
    func at(_ tileY: Int, _ tileX: Int) -> Float { Float(tables[(tileY * tiles + tileX) * 256 + Int(value)]) }
    let above = at(top, left) * (1 - further) + at(top, right) * further
    let below = at(bottom, left) * (1 - further) + at(bottom, right) * further
    return UInt8((above * (1 - lower) + below * lower).rounded(.toNearestOrEven))
  }

  /// The tiles before and after a position, and the weight of the one after.
  private static func around(_ position: Int, _ length: Int, _ tiles: Int) -> (Int, Int, Float) {
    let place = Float(position) * (1 / Float(length)) - 0.5
    let before = Int(place.rounded(.down))
    return (max(0, before), min(tiles - 1, before + 1), place - Float(before))
  }
}
