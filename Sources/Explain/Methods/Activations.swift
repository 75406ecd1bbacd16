internal import Imaging

/// What every block of a network makes of a picture, from the input to the last map.
public struct Activations: Sendable {
  /// The maps of one block.
  public struct Block: Sendable {
    /// Where they come from.
    public var layer: Probe.Layer
    /// [C, H, W].
    public var values: [Float]

    /// One channel's map.
    public func map(_ channel: Int) -> HeatMap {
      let plane = layer.height * layer.width
      return HeatMap(
        height: layer.height, width: layer.width, values: Array(values[(channel * plane)..<((channel + 1) * plane)]))
    }

    /// The mean of all maps.
    public var mean: HeatMap {
      let plane = layer.height * layer.width
      var sum = HeatMap(height: layer.height, width: layer.width, values: [Float](repeating: 0, count: plane))
      for (i, value) in values.enumerated() { sum.values[i % plane] += value / Float(layer.channels) }
      return sum
    }

    /// The channels that answer most strongly, first the strongest.
    public func strongest(_ count: Int) -> [Int] {
      let sums = (0..<layer.channels).map { map($0).values.reduce(0, +) }
      let order = sums.indices.sorted { sums[$0] != sums[$1] ? sums[$0] > sums[$1] : $0 < $1 }
      return Array(order.prefix(count))
    }
  }

  /// The blocks in the order in which they run.
  public let blocks: [Block]

  /// Runs a picture through the network.
  public init(of input: [Float], in probe: Probe) throws {
    let layers = probe.blocks
    var blocks: [Block] = []
    try probe.forward(
      1, exposing: layers.map(\.name), writing: { _ = $1.update(fromContentsOf: input) },
      reading: { _, pass in
        blocks = layers.map { Block(layer: $0, values: Array(pass.maps($0.name))) }
      })
    self.blocks = blocks
  }

  /// A row for each block: the mean of its maps, then the maps of the channels that answer most strongly, with hard pixels.
  public func sheet(side: Int, channels: Int = 8) -> PictureSheet {
    PictureSheet(
      header: ["mean", "strongest channels"],
      rows: blocks.map { block in
        let maps = [block.mean] + block.strongest(channels).map(block.map)
        return PictureSheet.Row(
          words: [block.layer.name, "\(block.layer.channels) x \(block.layer.height) x \(block.layer.width)"],
          pictures: maps.map { $0.picture().resized(height: side, width: side, filter: .nearest) })
      })
  }
}

extension Probe {
  /// The layers that say how far the network has come: those of at most two names, without those that only contain others, and of plain
  /// layers in a row that do not change the shape (a convolution, its batch norm) the last.
  public var blocks: [Layer] {
    func contains(_ layer: Layer, in others: [Layer]) -> Bool {
      others.contains { $0.name.hasPrefix(layer.name + ".") }
    }
    let short = layers.filter { $0.name.split(separator: ".").count <= 2 }
    let ends = short.filter { !contains($0, in: short) }
    return ends.indices.filter { index in
      guard index + 1 < ends.count else { return true }
      let (layer, next) = (ends[index], ends[index + 1])
      let isSameShape = [layer.channels, layer.height, layer.width] == [next.channels, next.height, next.width]
      return !isSameShape || contains(layer, in: layers) || contains(next, in: layers)
    }.map { ends[$0] }
  }

  /// The first convolution of each of the last four stages: the first layer whose maps are smaller than those before, or
  /// a residual network's `layerN.0.conv1`.
  public var stageConvolutions: [Layer] {
    let residual = layers.filter { layer in
      let parts = layer.name.split(separator: ".")
      return parts.count == 3 && parts[0].hasPrefix("layer") && parts[1] == "0" && parts[2] == "conv1"
    }
    if !residual.isEmpty { return residual.suffix(4) }
    var smallest = Int.max
    var stages: [Layer] = []
    for layer in layers where layer.height < smallest {
      smallest = layer.height
      stages.append(layer)
    }
    return stages.suffix(4)
  }
}
