/// Parts of an upright face that fills the picture, as FER2013's do: boxes in shares of its height and width.
public enum FaceRegions {
  /// A part of the face.
  public struct Region: Sendable {
    /// Its name.
    public let name: String
    /// Rows, from 0 at the top to 1.
    let rows: Range<Float>
    /// Columns, from 0 at the left to 1.
    let columns: Range<Float>
  }

  /// How much of a map lies in a region.
  public struct Share: Sendable, Equatable, Codable {
    /// The region.
    public var region: String
    /// The share of what counts.
    public var share: Double
    /// The share over the region's share of the picture: above 1 the network looks there more than elsewhere.
    public var density: Double
  }

  /// The regions; a pixel belongs to the first that has it, what is left is `elsewhere`.
  public static let all: [Region] = [
    Region(name: "eyebrows", rows: 0.14..<0.30, columns: 0.12..<0.88),
    Region(name: "eyes", rows: 0.30..<0.46, columns: 0.12..<0.88),
    Region(name: "nose", rows: 0.46..<0.65, columns: 0.35..<0.65),
    Region(name: "mouth", rows: 0.65..<0.88, columns: 0.25..<0.75),
    Region(name: "cheeks", rows: 0.46..<0.75, columns: 0.12..<0.88),
  ]

  /// The name for what belongs to no region: forehead, chin, hair, background.
  public static let rest = "elsewhere"

  /// The region of a pixel.
  public static func name(y: Int, x: Int, height: Int, width: Int) -> String {
    let (v, u) = ((Float(y) + 0.5) / Float(height), (Float(x) + 0.5) / Float(width))
    return all.first { $0.rows.contains(v) && $0.columns.contains(u) }?.name ?? rest
  }

  /// How a map is shared among the regions; what speaks against the target does not count.
  public static func shares(of map: HeatMap) -> [Share] {
    var (sums, areas): ([String: Double], [String: Double]) = ([:], [:])
    for y in 0..<map.height {
      for x in 0..<map.width {
        let name = name(y: y, x: x, height: map.height, width: map.width)
        sums[name, default: 0] += Double(max(0, map[y, x]))
        areas[name, default: 0] += 1 / Double(map.values.count)
      }
    }
    let names = all.map(\.name) + [rest]
    let total = names.reduce(0) { $0 + (sums[$1] ?? 0) }
    return names.map { name in
      let share = total > 0 ? (sums[name] ?? 0) / total : 0
      let area = areas[name] ?? 0
      return Share(region: name, share: share, density: area > 0 ? share / area : 0)
    }
  }
}
